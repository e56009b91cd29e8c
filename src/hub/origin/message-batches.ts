import type { Epoch } from '../../stream/epoch.ts'
import type { FrameWatcher } from '../../stream/frame-watcher.ts'
import type { Stream } from '../../stream/stream.ts'
import type { Announcer } from './announcer.ts'
import type { MessageSender, PublisherParts } from './message-sender.ts'

/** A message ends with a chunk when it has this number of frames and this much sound, or much sound in fewer; in microseconds. */
const ENOUGH_FRAMES = 4
const ENOUGH_US = 20_000
const MUCH_US = 80_000
/** It ends at the latest at this age, in milliseconds, or with this number of bytes or frames. */
const MAX_AGE_MS = 100
const MAX_BYTES = 64 * 1024
const MAX_FRAMES = 1024
/** Part of the maximum message that its frames may have: numbers, header and preamble need the rest. */
const FRAMES_SHARE = 1 / 2
/** Age at which a timer that is early counts as due, in milliseconds. */
const ROUNDING_MS = 1
const US_PER_MS = 1000

/**
 * Decides which frames of a stream travel together.
 *
 * ```
 *   ring  [f][f][f][f][f][f][f][f][f][f][f]         chunks of the source end at '
 *             '        '     '     '     '
 *   hub   [key f  f  f  f ][f  f  f  f ][f ...      a message ends with a chunk, when it has 4 frames and 20 ms
 * ```
 */
export class MessageBatches implements FrameWatcher {
  readonly #stream: Stream
  readonly #sender: MessageSender
  readonly #announcer: Pick<Announcer, 'look'>
  readonly #parts: Pick<PublisherParts, 'link' | 'clock'>
  readonly #stopWatching: () => void
  #waitingBytes = 0
  /** Position of the end of the frames that were sent, and duration of the newest one, in microseconds. */
  #sentUs: number
  #frameUs = 0
  /** When frames began to wait, in milliseconds of the clock; undefined: none does. */
  #since: number | undefined
  #cancelTimer: (() => void) | undefined

  /** Begins with the next frame. @param announcer notices changes of the plan with each chunk */
  constructor(
    stream: Stream,
    sender: MessageSender,
    announcer: Pick<Announcer, 'look'>,
    parts: Pick<PublisherParts, 'link' | 'clock'>,
  ) {
    this.#stream = stream
    this.#sender = sender
    this.#announcer = announcer
    this.#parts = parts
    this.#sentUs = stream.timeline.us
    this.#stopWatching = stream.watch(this)
  }

  /** Time until the next message can be complete, in milliseconds. */
  get pauseMs(): number {
    const wholeUs = Math.min(MUCH_US, Math.max(ENOUGH_US, ENOUGH_FRAMES * this.#frameUs))
    return Math.max(0, wholeUs - this.#waitingUs) / US_PER_MS
  }

  /** Sends what waits, and nothing more. */
  end(): void {
    this.#sendAll()
    this.#stopWatching()
    this.#cancelTimer?.()
  }

  /** Hot path. */
  frameCame(bytes: number): void {
    const { ring, epochs } = this.#stream
    if (epochs.newest !== this.#sender.epoch && epochs.newest !== undefined) this.#enter(epochs.newest)
    const maxBytes = Math.min(MAX_BYTES, this.#parts.link.maxPayload * FRAMES_SHARE)
    if (this.#waitingBytes > 0 && this.#waitingBytes + bytes > maxBytes) this.#send(ring.next - 1)
    this.#waitingBytes += bytes
    const isWhole =
      this.#waitingBytes >= maxBytes || ring.next - this.#sender.from >= Math.min(MAX_FRAMES, ring.quarter)
    if (isWhole) this.#sendAll()
  }

  chunkEnded(): void {
    this.#announcer.look()
    const { ring } = this.#stream
    const frames = ring.next - this.#sender.from
    if (frames === 0) return
    this.#frameUs = ring.at(ring.next - 1)?.durationUs ?? 0
    const us = this.#waitingUs
    if (us >= MUCH_US || (frames >= ENOUGH_FRAMES && (us >= ENOUGH_US || us === 0))) return this.#sendAll()
    this.#since ??= this.#parts.clock.now()
    this.#cancelTimer ??= this.#parts.clock.after(MAX_AGE_MS, () => this.#timeIsOver())
  }

  openingEnded(): void {
    this.#sendAll()
  }

  formatChanged(): void {}

  sourceRefused(): void {}

  streamFinished(): void {
    this.#sendAll()
  }

  /** Duration of the frames that wait, in microseconds. */
  get #waitingUs(): number {
    return this.#stream.timeline.us - this.#sentUs
  }

  /** The newest frame is the first one of an epoch. */
  #enter(epoch: Epoch): void {
    this.#send(epoch.from)
    this.#sender.enter(epoch)
  }

  #sendAll(): void {
    this.#send(this.#stream.ring.next)
  }

  #send(to: number): void {
    const { ring, timeline } = this.#stream
    this.#sender.send(to)
    this.#sentUs = to === ring.next ? timeline.us : timeline.usOf(to)
    this.#waitingBytes = 0
    this.#since = undefined
  }

  /** The timer of an earlier message goes on for those that follow it. */
  #timeIsOver(): void {
    this.#cancelTimer = undefined
    if (this.#since === undefined) return
    const { clock } = this.#parts
    const leftMs = this.#since + MAX_AGE_MS - clock.now()
    if (leftMs <= ROUNDING_MS) this.#sendAll()
    else this.#cancelTimer = clock.after(leftMs, () => this.#timeIsOver())
  }
}
