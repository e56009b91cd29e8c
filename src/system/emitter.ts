/** Passes events to handlers, at once and in the order in which these were added. Handlers must not throw. */
export class Emitter<Event> {
  #handlers: readonly ((event: Event) => void)[] = []

  /** Adds a handler. @returns removes it; a call that is under way may still reach it */
  subscribe(handler: (event: Event) => void): () => void {
    this.#handlers = [...this.#handlers, handler]
    return () => {
      this.#handlers = this.#handlers.filter((one) => one !== handler)
    }
  }

  emit(event: Event): void {
    for (const handler of this.#handlers) handler(event)
  }
}
