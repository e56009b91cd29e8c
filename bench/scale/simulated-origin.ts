import { encodeMessage, type HubFrame, type HubKey } from '../../filters/hub/message.ts'
import { atMostEvery, type Limited } from '../../src/hub/origin/at-most-every.ts'
import { KeptMessages } from '../../src/hub/origin/kept-messages.ts'
import type { HubClient, HubConnection, SentFrames } from './hub-member.ts'
import type { SimulatedClock } from './simulated-clock.ts'
import { writeFrame } from './simulated-frames.ts'
import type { WireQuality } from './wire.ts'

/** A stream as both origins send it. */
export interface SimulatedStream {
  readonly number: number
  /** Both origins have the same frames, as two readers of one source; otherwise each encodes for itself. */
  readonly isShared: boolean
  /** Time by which the second origin is behind the first, in milliseconds. */
  readonly behindMs: number
}

/** Way in which an origin works. */
export type OriginState = 'live' | 'frozen' | 'slow' | 'dead'

export const FRAME_MS = 24
/** Size of a frame of 128 kbit/s, in bytes. */
const FRAME_BYTES = 384
/** Frames of a message, as `StreamPublisher` joins them at this length of frame. */
const MESSAGE_FRAMES = 4
const MESSAGE_MS = MESSAGE_FRAMES * FRAME_MS
const KEY_EVERY_MS = 2_000
/** As `StreamPublisher` answers edges, in milliseconds. */
const RESEND_EVERY_MS = 250
const MAX_BACKLOG_MESSAGES = 100
const MS_TO_US = 1_000
const NAME_DIGITS = 12
/** Number of the first frame: the source has run for some time. */
const FIRST_NUMBER = 1_000

/** Messages that were sent, by their bytes. */
export const SENT = new WeakMap<Buffer, SentFrames>()

/** One epoch of a stream at an origin. */
interface Epoch {
  readonly stream: SimulatedStream
  readonly name: string
  readonly beganAt: number
  /** Number of the stream's frame that is the first of the epoch. */
  readonly first: number
  next: number
  turns: number
  keyAt: number
  readonly kept: KeptMessages
  readonly resend: Limited
}

/** A program that publishes all streams. */
export class SimulatedOrigin implements HubClient {
  readonly name: string
  readonly hearsFrames = false
  readonly quality: WireQuality
  readonly #clock: SimulatedClock
  readonly #streams: readonly SimulatedStream[]
  /** It sends the last seconds again when it is asked, and when the hub is back. */
  readonly #resends: boolean
  #state: OriginState = 'dead'
  #epochs: Epoch[] = []
  #connection: HubConnection | undefined
  #starts = 0

  constructor(
    name: string,
    quality: WireQuality,
    clock: SimulatedClock,
    streams: readonly SimulatedStream[],
    resends: boolean,
  ) {
    this.name = name
    this.quality = quality
    this.#clock = clock
    this.#streams = streams
    this.#resends = resends
  }

  get state(): OriginState {
    return this.#state
  }

  /** Number of the hub server that it is connected to. */
  get server(): number | undefined {
    return this.#connection?.server
  }

  /** Starts with new epochs. @param connect connects it to the hub */
  start(connect: (client: HubClient) => HubConnection): void {
    this.#starts++
    this.#state = 'live'
    const now = this.#clock.now()
    this.#epochs = this.#streams.map((stream) => {
      const first = this.#due(stream)
      const name = Buffer.from(`${this.name}${this.#starts}${stream.number}`).toString('hex').padEnd(NAME_DIGITS, '0')
      const epoch = { stream, name: name.slice(0, NAME_DIGITS), beganAt: now, first, next: first, turns: 0 }
      const kept = new KeptMessages()
      const resend = atMostEvery(RESEND_EVERY_MS, this.#clock, () => this.#resend(kept))
      return { ...epoch, keyAt: Number.NEGATIVE_INFINITY, kept, resend }
    })
    this.#connection = connect(this)
    const start = this.#starts
    for (const [i, epoch] of this.#epochs.entries()) {
      const phaseMs = (i * MESSAGE_MS) / this.#epochs.length
      this.#clock.after(phaseMs, () => this.#run(epoch, start))
    }
  }

  kill(): void {
    this.#state = 'dead'
    this.#connection?.close()
  }

  /** Stops or slows the process; what it could not send meanwhile follows at once when it is live again. */
  become(state: 'live' | 'frozen' | 'slow'): void {
    this.#state = state
  }

  receive(): void {}

  asked(stream: number): void {
    if (this.#state !== 'frozen') this.#epochs[stream]?.resend.request()
  }

  connected(): void {
    if (this.#state === 'dead' || this.#state === 'frozen') return
    for (const { resend } of this.#epochs) resend.request()
  }

  #resend(kept: KeptMessages): void {
    if (!this.#resends || this.#state === 'dead') return
    for (const { payload } of kept.recent(this.#clock.now())) {
      const sent = SENT.get(payload)
      if (sent !== undefined) this.#connection?.publish(sent)
    }
  }

  #run(epoch: Epoch, start: number): void {
    if (this.#starts !== start || this.#state === 'dead') return
    epoch.turns++
    if (this.#state === 'live') this.#sendDue(epoch, MAX_BACKLOG_MESSAGES)
    else if (this.#state === 'slow' && epoch.turns % 2 === 0) this.#sendDue(epoch, 1)
    this.#clock.after(MESSAGE_MS, () => this.#run(epoch, start))
  }

  #sendDue(epoch: Epoch, most: number): void {
    const due = this.#due(epoch.stream)
    for (let sent = 0; sent < most && epoch.next + MESSAGE_FRAMES <= due; sent++) this.#send(epoch)
  }

  /** Number of the newest frame that exists. */
  #due({ behindMs, isShared }: SimulatedStream): number {
    const isSecond = this.name !== 'a'
    return FIRST_NUMBER + Math.floor((this.#clock.now() - (isSecond && isShared ? behindMs : 0)) / FRAME_MS)
  }

  #send(epoch: Epoch): void {
    const now = this.#clock.now()
    const { stream, next: first } = epoch
    const frames: HubFrame[] = []
    for (let i = 0; i < MESSAGE_FRAMES; i++) {
      const bytes = writeFrame(stream.number, stream.isShared ? '' : this.name, first + i)
      frames.push({ bytes, durationUs: FRAME_MS * MS_TO_US })
    }
    const isKey = now - epoch.keyAt >= KEY_EVERY_MS
    if (isKey) epoch.keyAt = now
    const seq = first - epoch.first
    const message = {
      epoch: epoch.name,
      epochBeganAt: epoch.beganAt,
      seq,
      us: seq * FRAME_MS * MS_TO_US,
      sentAt: now,
      frames,
      key: isKey ? KEY : undefined,
    }
    const payload = encodeMessage(message)
    const missing = MESSAGE_FRAMES * (FRAME_BYTES - (frames[0]?.bytes.length ?? 0))
    const sent = { stream: stream.number, origin: this.name, message, payload, bytes: payload.length + missing }
    epoch.next += MESSAGE_FRAMES
    SENT.set(payload, sent)
    epoch.kept.add({ payload, frames: MESSAGE_FRAMES, at: now })
    this.#connection?.publish(sent)
  }
}

const KEY: HubKey = {
  filter: 'raw',
  contentType: 'application/octet-stream',
  format: 'raw',
  header: Buffer.alloc(0),
  preamble: Buffer.alloc(0),
  title: '',
}
