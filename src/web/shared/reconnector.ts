import { retryPause } from './retry-pause.ts'
import { whenBack } from './when-back.ts'

/**
 * Decides when a connection is opened: again after each loss, with pauses that double, and at once when the user returns to the
 * page or the network is back. It has one timer, either for the current connection or for the next one.
 */
export class Reconnector {
  readonly #open: () => void
  readonly #lost: () => void
  #losses = 0
  #timer: ReturnType<typeof setTimeout> | undefined
  #isWaiting = false
  #closed: AbortController | undefined

  /** @param open opens a connection. @param lost drops the lost connection, and shows that it is lost */
  constructor(open: () => void, lost: () => void) {
    this.#open = open
    this.#lost = lost
  }

  /** Opens a connection now, and keeps it open until `close`. */
  connect(): void {
    this.#closed ??= this.#retryWhenBack()
    this.cancel()
    this.#isWaiting = false
    this.#open()
  }

  /** Opens a connection now if the last one was lost. */
  retry(): void {
    if (this.#isWaiting) this.connect()
  }

  /** The connection works: the next pause is the first again. */
  succeed(): void {
    this.#losses = 0
  }

  /** Sets the timer of the connection, in place of the last one. @param then default: the connection is lost */
  after(ms: number, then: () => void = () => this.lose()): void {
    this.cancel()
    this.#timer = setTimeout(then, ms)
  }

  /** Stops the timer of the connection. */
  cancel(): void {
    clearTimeout(this.#timer)
  }

  /** Reports that the connection is lost; the next one follows after a pause. */
  lose(): void {
    this.after(retryPause(this.#losses++, Math.random()), () => this.connect())
    this.#isWaiting = true
    this.#lost()
  }

  /** Opens no more connections. The caller drops the current one. */
  close(): void {
    this.#closed?.abort()
    this.#closed = undefined
    this.cancel()
    this.#isWaiting = false
    this.succeed()
  }

  #retryWhenBack(): AbortController {
    const closed = new AbortController()
    whenBack(() => this.retry(), closed.signal)
    return closed
  }
}
