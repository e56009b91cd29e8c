/**
 * Turns of file operations. The operations of all recorders use threads of libuv's pool, of which there are four, and which the
 * rest of the program needs too. A disk that does not answer keeps a thread, so each folder has one operation at a time, and all
 * folders together leave a thread free.
 */
export class Turns {
  readonly #max: number
  #running = 0
  readonly #busy = new Set<string>()
  #waiting: { readonly folder: string; readonly start: () => void }[] = []

  /** @param max number of operations at a time */
  constructor(max = 3) {
    this.#max = max
  }

  /** Runs an operation when it is its turn. @returns its result */
  async run<T>(folder: string, operation: () => Promise<T>): Promise<T> {
    if (!this.#isFree(folder)) {
      await new Promise<void>((start) => this.#waiting.push({ folder, start }))
    } else this.#begin(folder)
    try {
      return await operation()
    } finally {
      this.#busy.delete(folder)
      this.#running--
      this.#startNext()
    }
  }

  #isFree(folder: string): boolean {
    return this.#running < this.#max && !this.#busy.has(folder)
  }

  #begin(folder: string): void {
    this.#running++
    this.#busy.add(folder)
  }

  #startNext(): void {
    const next = this.#waiting.find(({ folder }) => this.#isFree(folder))
    if (next === undefined) return
    this.#waiting = this.#waiting.filter((one) => one !== next)
    this.#begin(next.folder)
    next.start()
  }
}
