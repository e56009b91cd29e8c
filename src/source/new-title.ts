/** A title that is taken once, for `SourceConnection.takeTitle`. */
export class NewTitle {
  #text: string | undefined

  /** @param text undefined: the title has not changed */
  set(text: string | undefined): void {
    this.#text = text ?? this.#text
  }

  /** Returns the title that was set since the last call; undefined: none. */
  take(): string | undefined {
    const text = this.#text
    this.#text = undefined
    return text
  }
}
