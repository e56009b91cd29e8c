import type { Writable } from 'node:stream'
import { type Clock, pause } from '../../system/clock.ts'
import { NewTitle } from '../new-title.ts'
import type { Source, SourceConnection } from '../source.ts'

/** Time for a command to end by itself after its input has ended, in milliseconds: encoders write the rest of their sound. */
const END_WITHIN_MS = 5_000

/** Standard input of one run of a command: the bytes of another source, as fast as the command reads them. */
export class ChildInput {
  readonly connection: SourceConnection
  /** Error of the other source; undefined: none. */
  failure: Error | undefined
  readonly #closing: AbortController
  readonly #title = new NewTitle()
  /** Ends the wait until the command has read. */
  #goOn: () => void = () => {}

  private constructor(connection: SourceConnection, closing: AbortController) {
    this.connection = connection
    this.#closing = closing
    closing.signal.addEventListener('abort', () => this.#goOn())
  }

  /** Opens the other source. @throws SourceError */
  static async open(source: Source): Promise<ChildInput> {
    const closing = new AbortController()
    return new ChildInput(await source.open(closing.signal), closing)
  }

  /**
   * Writes to the command until the bytes have ended, or it does not read any more. Never rejects.
   * @returns true when the command had time to end after the end of its input, and is to be ended now
   */
  async feed(stdin: Writable, clock: Clock): Promise<boolean> {
    for (const event of ['drain', 'error', 'close']) stdin.on(event, () => this.#goOn())
    try {
      await this.#write(stdin)
    } catch (error) {
      this.failure = error as Error
    }
    const { signal } = this.#closing
    // A command that has closed its input may still write output.
    if (stdin.destroyed || signal.aborted) return false
    stdin.end()
    await pause(clock, END_WITHIN_MS, signal)
    return !signal.aborted
  }

  /** Closes the other source. */
  close(): void {
    this.#closing.abort()
  }

  /** Closes the other source of a command that could not be started. */
  async discard(): Promise<void> {
    this.close()
    for await (const _ of this.connection.chunks);
  }

  /** Returns the title of the bytes that were written last, once. */
  takeTitle(): string | undefined {
    return this.#title.take()
  }

  async #write(stdin: Writable): Promise<void> {
    for await (const chunk of this.connection.chunks) {
      this.#title.set(this.connection.takeTitle?.())
      const isTaken = stdin.destroyed || stdin.write(chunk)
      if (!isTaken) await new Promise<void>((resolve) => (this.#goOn = resolve))
      if (stdin.destroyed || this.#closing.signal.aborted) return
    }
  }
}
