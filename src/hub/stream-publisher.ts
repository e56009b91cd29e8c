import type { Epoch } from '../stream/epoch.ts'
import type { FrameWatcher } from '../stream/frame-watcher.ts'
import type { Stream } from '../stream/stream.ts'
import { Announcer } from './announcer.ts'
import { atMostEvery, type Limited } from './at-most-every.ts'
import type { PublishedState } from './hub.ts'
import { MessageSender, type PublisherParts } from './message-sender.ts'
import { announcementSubject, frameSubject, resendSubject } from './subjects.ts'

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
/** Minimum time between two repetitions of the last messages, in milliseconds. */
const RESEND_EVERY_MS = 250
/** Age at which a timer that is early counts as due, in milliseconds. */
const ROUNDING_MS = 1
const US_PER_MS = 1000

/**
 * Publishes the frames of a stream on a hub: all that enter its ring, so what listeners hear. It holds the source open, because
 * the listeners of edges are not known here.
 *
 * ```
 *   ring  [f][f][f][f][f][f][f][f][f][f][f]         chunks of the source end at '
 *             '        '     '     '     '
 *   hub   [key f  f  f  f ][f  f  f  f ][f ...      a message ends with a chunk, when it has 4 frames and 20 ms
 * ```
 */
export class StreamPublisher implements FrameWatcher {
  readonly #stream: Stream
  readonly #name: string
  readonly #parts: PublisherParts
  readonly #sender: MessageSender
  readonly #announcer: Announcer
  readonly #resend: Limited
  readonly #release: () => void
  readonly #stops: readonly (() => void)[]
  #waitingBytes = 0
  /** Position of the end of the frames that were sent, and duration of the newest one, in microseconds. */
  #sentUs: number
  #frameUs = 0
  /** When frames began to wait, in milliseconds of the clock; undefined: none does. */
  #since: number | undefined
  #cancelTimer: (() => void) | undefined
  #hasEnded = false

  /** Publishes from the next frame on. @param name of the stream on the hub */
  constructor(stream: Stream, name: string, parts: PublisherParts) {
    const { link, origin, clock } = parts
    this.#stream = stream
    this.#name = name
    this.#parts = parts
    this.#sentUs = stream.timeline.us
    stream.log.info('hub publishing started', { name, origin })
    this.#sender = new MessageSender(stream, frameSubject(name, origin), parts)
    this.#announcer = new Announcer(stream, announcementSubject(name, origin), link, clock)
    this.#resend = atMostEvery(RESEND_EVERY_MS, clock, () => this.#sender.sendAgain())
    this.#stops = [
      stream.watch(this),
      link.onConnected(() => this.#connected()),
      link.subscribe(resendSubject(name), () => this.#resend.request()),
    ]
    this.#release = stream.hold()
    // Later than other watchers are notified: the ring, which they read then, is cleared when it is not held any more.
    void stream.finished.then(() => this.end())
  }

  get state(): PublishedState {
    return { name: this.#name, ...this.#sender.totals }
  }

  /** Time until the next message can be complete, in milliseconds. */
  get pauseMs(): number {
    const wholeUs = Math.min(MUCH_US, Math.max(ENOUGH_US, ENOUGH_FRAMES * this.#frameUs))
    return Math.max(0, wholeUs - this.#waitingUs) / US_PER_MS
  }

  /** Sends what waits, and announces the end; further calls do nothing. */
  end(): void {
    if (this.#hasEnded) return
    this.#hasEnded = true
    this.#sendAll()
    for (const stop of this.#stops) stop()
    this.#resend.end()
    this.#cancelTimer?.()
    this.#announcer.end()
    this.#stream.log.info('hub publishing ended', { name: this.#name, frames: this.#sender.totals.frames })
    this.#release()
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

  #connected(): void {
    this.#announcer.announce()
    // At the first connection, nothing was missed.
    if (this.#parts.link.state.reconnects > 0) this.#resend.request()
  }
}
