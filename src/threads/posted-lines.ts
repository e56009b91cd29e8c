import type { Clock } from '../system/clock.ts'
import type { AccessLog } from '../transport/exchange.ts'

/** Lines are posted after this time, in milliseconds, or when there are this many characters of them. */
const POST_AFTER_MS = 500
const POST_AT_LENGTH = 16_384

/** Collects the lines of the access log in a thread, so that few messages have many of them. */
export class PostedLines implements AccessLog {
  readonly #post: (lines: string) => void
  readonly #clock: Clock
  #lines = ''
  #cancel: (() => void) | undefined

  /** @param post posts lines to the main thread */
  constructor(post: (lines: string) => void, clock: Clock) {
    this.#post = post
    this.#clock = clock
  }

  add(lines: string): void {
    this.#lines += lines
    if (this.#lines.length >= POST_AT_LENGTH) this.flush()
    else this.#cancel ??= this.#clock.after(POST_AFTER_MS, () => this.flush())
  }

  /** Posts all lines that have been collected. */
  flush(): void {
    this.#cancel?.()
    this.#cancel = undefined
    if (this.#lines !== '') this.#post(this.#lines)
    this.#lines = ''
  }
}
