import { whenBack } from './when-back.ts'

/** First and longest pause before a retry, in milliseconds. Listeners should be back within 5 s of a server's restart. */
const FIRST_PAUSE_MS = 250
const LONGEST_PAUSE_MS = 3_000
/** Random share of a pause, so that clients disconnected together do not reconnect together. */
const SPREAD = 0.25

/**
 * Decides when a connection is opened: again after each loss, with pauses that double, and at once when the user returns to the
 * page or the network is back. It has one timer, either for the current connection or for the next one.
 */
export class Reconnector {
  readonly #open: () => void
  readonly #lost: () => void
  #pauseMs = FIRST_PAUSE_MS
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
    this.#pauseMs = FIRST_PAUSE_MS
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
    this.after(this.#pauseMs * (1 - SPREAD * Math.random()), () => this.connect())
    this.#pauseMs = Math.min(LONGEST_PAUSE_MS, this.#pauseMs * 2)
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
