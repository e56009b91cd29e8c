import { randomBytes } from 'node:crypto'
import { MAX_HEAD_BYTES } from '../../../filters/hub/head.ts'
import { encodeMessage, type HubFrame, type HubKey, MAGIC } from '../../../filters/hub/message.ts'
import type { Epoch, EpochPlace } from '../../stream/epoch.ts'
import type { Stream } from '../../stream/stream.ts'
import type { Clock } from '../../system/clock.ts'
import { FoldedWarning } from '../../system/folded-warning.ts'
import type { HubLink } from '../hub-link.ts'
import { hubKey } from './hub-key.ts'
import { KeptMessages } from './kept-messages.ts'
import { titledFrames } from './titled-frames.ts'

/** Surroundings of a publisher. */
export interface PublisherParts {
  readonly link: HubLink
  /** Name of this program on the hub. */
  readonly origin: string
  readonly clock: Clock
  /** Returns milliseconds since 1970. */
  readonly wallClock: () => number
}

/** Time between two messages with which a reader can begin, in milliseconds. */
const KEY_EVERY_MS = 2_000
/** Bytes of the name of an epoch. */
const ID_BYTES = 6

/**
 * Sends the frames of a ring as messages of the hub, and the last of them again when that is asked for. It sends each frame once, in
 * the order of the ring; a frame that the hub does not take is left out.
 */
export class MessageSender {
  readonly totals = { messages: 0, frames: 0, bytes: 0, resent: 0, refused: 0 }
  readonly #stream: Stream
  readonly #subject: string
  readonly #parts: PublisherParts
  readonly #kept = new KeptMessages()
  readonly #refusals: FoldedWarning
  /** The first frame that was not sent. */
  #from: number
  #epoch: Epoch | undefined
  #place: EpochPlace = { id: '', seq: 0, extra: 0, us: 0, beganAt: 0 }
  /** Position of the first frame that was not sent: a sum from the beginning of its epoch, in microseconds. */
  #us = 0
  /** When a message had a key last, in milliseconds of the clock; undefined: the next one is to have one. */
  #keyAt: number | undefined

  /** Sends from the next frame on. */
  constructor(stream: Stream, subject: string, parts: PublisherParts) {
    this.#stream = stream
    this.#subject = subject
    this.#parts = parts
    this.#from = stream.ring.next
    this.#refusals = new FoldedWarning('hub frames refused', ['frames'], parts.clock, stream.log)
    if (stream.epochs.newest !== undefined) this.enter(stream.epochs.newest)
  }

  /** Number of the first frame that was not sent. */
  get from(): number {
    return this.#from
  }

  /** The epoch of the frames that are sent next; undefined: there are none yet. */
  get epoch(): Epoch | undefined {
    return this.#epoch
  }

  /** The frames that were not sent are of another epoch. */
  enter(epoch: Epoch): void {
    const before = { id: this.#place.id, seq: this.#number }
    this.#epoch = epoch
    this.#place = epoch.mark ?? {
      id: randomBytes(ID_BYTES).toString('hex'),
      seq: epoch.from,
      extra: 0,
      us: 0,
      beganAt: this.#parts.wallClock(),
    }
    // The files of a list are one epoch for others, and positions are one sum.
    const goesOn = this.#place.id === before.id && this.#number === before.seq
    if (!goesOn) this.#us = this.#from === epoch.from ? this.#place.us : this.#usOf(this.#from)
    this.keySoon()
  }

  /** Sends the frames before `to`, which are of one epoch, if there are any. */
  send(to: number): void {
    const { ring } = this.#stream
    // A ring of a few frames, or one that has too little memory, has dropped them.
    if (this.#from < ring.first) this.#miss(Math.min(to, ring.first))
    if (this.#from >= to) return
    const begins = this.#isKeyDue ? this.#firstKey(to) : undefined
    if (begins === undefined) return this.#publish(to, undefined)
    if (begins.at > this.#from) this.#publish(begins.at, undefined)
    this.#publish(to, begins.key)
  }

  /** Sends the last messages again. @param ms their maximum age, in milliseconds; default: what edges get that ask */
  sendAgain(ms?: number): void {
    const { link, clock } = this.#parts
    for (const { payload, frames } of this.#kept.recent(clock.now(), ms)) {
      // The hub may have been another one then.
      if (payload.length > link.maxPayload) continue
      link.publish(this.#subject, payload)
      this.totals.resent += frames
    }
    this.keySoon()
  }

  /** The next message is to have a key, so that readers can begin. */
  keySoon(): void {
    this.#keyAt = undefined
  }

  /** Number of the first frame that was not sent, on the hub. */
  get #number(): number {
    return this.#place.seq + this.#from - (this.#epoch?.from ?? 0)
  }

  get #isKeyDue(): boolean {
    return this.#keyAt === undefined || this.#parts.clock.now() - this.#keyAt >= KEY_EVERY_MS
  }

  /** Returns the first frame before `to` at which a listener can begin. */
  #firstKey(to: number): { readonly at: number; readonly key: HubKey } | undefined {
    if (this.#epoch === undefined) return undefined
    for (let at = this.#from; at < to; at++) {
      const key = hubKey(this.#stream, this.#epoch, at)
      if (key !== undefined) return { at, key }
    }
    return undefined
  }

  /** Sends the frames before `to` as one message, or as several when the hub does not take one of that size. */
  #publish(to: number, key: HubKey | undefined): void {
    const { link, clock } = this.#parts
    const frames = titledFrames(this.#stream, this.#from, to)
    const payload = this.#encode(frames, key)
    const isOversize = payload.length > link.maxPayload || payload.readUInt32BE(MAGIC.length) > MAX_HEAD_BYTES
    if (isOversize) return this.#divide(to, key, payload.length)
    link.publish(this.#subject, payload)
    const now = clock.now()
    this.#kept.add({ payload, frames: frames.length, at: now })
    if (key !== undefined) this.#keyAt = now
    this.totals.messages++
    this.totals.frames += frames.length
    this.totals.bytes += payload.length
    for (const { durationUs } of frames) this.#us += durationUs
    this.#from = to
  }

  #encode(frames: readonly HubFrame[], key: HubKey | undefined): Buffer {
    const { id, beganAt } = this.#place
    return encodeMessage({
      epoch: id,
      epochBeganAt: beganAt,
      seq: this.#number,
      us: this.#us,
      sentAt: this.#parts.wallClock(),
      frames,
      key,
    })
  }

  #divide(to: number, key: HubKey | undefined, bytes: number): void {
    const middle = (this.#from + to) >> 1
    if (middle === this.#from) return this.#refuse(bytes)
    this.#publish(middle, key)
    this.#publish(to, undefined)
  }

  #refuse(bytes: number): void {
    this.#refusals.add('frames', { bytes, max: this.#parts.link.maxPayload })
    this.totals.refused++
    this.#us += this.#stream.ring.at(this.#from)?.durationUs ?? 0
    this.#from++
    this.keySoon()
  }

  #miss(to: number): void {
    this.#from = to
    this.#us = this.#usOf(to)
    // Readers begin again behind frames that are missing.
    this.keySoon()
  }

  /** Returns the position of a frame of the ring, or of the next one, in its epoch, in microseconds. */
  #usOf(seq: number): number {
    return this.#place.us + this.#stream.timeline.usOf(seq) - (this.#epoch?.us ?? 0)
  }
}
