/** Maximum length of a first line that is inspected, in bytes. */
const MAX_BYTES = 512

const NOTHING = Buffer.alloc(0)

/** The first line of a connection. */
export interface ReadLine {
  /** Without its end, each byte a character. */
  readonly line: string
  /** Everything that has arrived. */
  readonly bytes: Buffer
}

/** Finds the first line of a connection that is not empty, in chunks of any size. */
export class FirstLine {
  #before: Buffer = NOTHING
  #isOver = false

  /** @returns the line, once, with the chunk that ends it; undefined otherwise */
  read(chunk: Buffer): ReadLine | undefined {
    if (this.#isOver) return undefined
    const bytes = this.#before.length === 0 ? chunk : Buffer.concat([this.#before, chunk])
    const [, line] = /^[\r\n]*([^\r\n]+)\r?\n/.exec(bytes.toString('latin1', 0, MAX_BYTES)) ?? []
    this.#isOver = line !== undefined || bytes.length >= MAX_BYTES
    this.#before = this.#isOver ? NOTHING : bytes
    return line === undefined ? undefined : { line, bytes }
  }
}
