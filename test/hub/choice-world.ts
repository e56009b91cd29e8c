import { decodeMessage, encodeMessage, type HubFrame, type HubKey, type HubMessage } from '../../filters/hub/message.ts'
import { type ChoiceTimes, OriginChoice } from '../../src/hub/edge/origin-choice.ts'
import type { Clock } from '../../src/system/clock.ts'

/** Duration of a frame, in milliseconds. */
const FRAME_MS = 20
const KEY_EVERY_MS = 2_000
const KEPT_MS = 1_500

/** A frame with a number, different from all others. @param salt differs for other sound */
export function numberedFrame(number: number, salt = 0): Buffer {
  const bytes = Buffer.alloc(100, salt)
  bytes.writeDoubleBE(number)
  return bytes
}

export function numberOf(frame: Buffer): number {
  return frame.readDoubleBE()
}

const RAW_KEY: HubKey = {
  filter: 'raw',
  contentType: 'audio/x-test',
  format: 'test',
  header: Buffer.alloc(0),
  preamble: Buffer.alloc(0),
  title: '',
}

/** Properties of an origin. */
export interface OriginOptions {
  readonly epoch: string
  /** Number that its first frame has there. Default: 0. */
  readonly seq?: number
  /** Number in its first frame. Default: 0. */
  readonly first?: number
  readonly frame?: (number: number) => Buffer
  /** Frames of a message. Default: 5. */
  readonly size?: number
  /** Key of its messages. Default: any bytes are frames. */
  readonly key?: HubKey
}

/** An origin that sends frames in real time by the clock of the test. */
export class TestOrigin {
  readonly name: string
  /** Part of real time at which it sends. */
  speed = 1
  epoch: string
  seq: number
  /** Number in the next frame. */
  number: number
  readonly #clock: Clock
  readonly #frame: (number: number) => Buffer
  readonly #size: number
  readonly #key: HubKey
  readonly #send: (message: HubMessage) => void
  readonly #sent: { readonly at: number; readonly message: HubMessage }[] = []
  #keyAt = Number.NEGATIVE_INFINITY
  #us = 0
  #beganAt: number
  #cancel: (() => void) | undefined

  constructor(name: string, clock: Clock, send: (message: HubMessage) => void, options: OriginOptions) {
    this.name = name
    this.#clock = clock
    this.#send = send
    this.epoch = options.epoch
    this.seq = options.seq ?? 0
    this.number = options.first ?? 0
    this.#frame = options.frame ?? numberedFrame
    this.#size = options.size ?? 5
    this.#key = options.key ?? RAW_KEY
    this.#beganAt = clock.now()
    this.start()
  }

  start(): void {
    this.#cancel ??= this.#clock.after((this.#size * FRAME_MS) / this.speed, () => {
      this.#cancel = undefined
      this.sendNow()
      this.start()
    })
  }

  /** Stops as SIGSTOP does, or dies. */
  stop(): void {
    this.#cancel?.()
    this.#cancel = undefined
  }

  enter(epoch: string, seq = this.seq): void {
    this.epoch = epoch
    this.seq = seq
    this.#us = 0
    this.#beganAt = this.#clock.now()
    this.#keyAt = Number.NEGATIVE_INFINITY
  }

  sendNow(size = this.#size): void {
    const now = this.#clock.now()
    const hasKey = now - this.#keyAt >= KEY_EVERY_MS
    if (hasKey) this.#keyAt = now
    const frames = Array.from({ length: size }, (): HubFrame => {
      return { bytes: this.#frame(this.number++), durationUs: FRAME_MS * 1000 }
    })
    const message: HubMessage = {
      epoch: this.epoch,
      epochBeganAt: this.#beganAt,
      seq: this.seq,
      us: this.#us,
      sentAt: now,
      frames,
      key: hasKey ? this.#key : undefined,
    }
    this.seq += size
    this.#us += size * FRAME_MS * 1000
    this.#sent.push({ at: now, message })
    this.#send(message)
  }

  sendAgain(): void {
    if (this.#cancel === undefined) return
    const now = this.#clock.now()
    for (const { at, message } of this.#sent.slice(-100)) if (at >= now - KEPT_MS) this.#send(message)
  }
}

/** What an edge has received. */
export interface Heard {
  readonly at: number
  readonly begins: boolean
  readonly message: HubMessage
}

/** An edge with a choice, and the origins that it hears. */
export class ChoiceWorld {
  readonly clock: Clock
  readonly choice: OriginChoice
  readonly heard: Heard[] = []
  readonly origins: TestOrigin[] = []
  asked = 0
  /** Decides when messages arrive: delays in milliseconds, one for each copy. */
  network: (origin: string, message: HubMessage) => readonly number[] = () => [0]
  answers = true

  constructor(clock: Clock, times?: ChoiceTimes) {
    this.clock = clock
    const receiver = {
      frames: (payload: Buffer, begins: boolean) => {
        const message = decodeMessage(payload)
        if (typeof message === 'string') throw new Error(message)
        this.heard.push({ at: clock.now(), begins, message })
      },
      askAgain: () => {
        this.asked++
        if (this.answers) for (const origin of this.origins) clock.after(5, () => origin.sendAgain())
      },
    }
    this.choice = new OriginChoice(receiver, clock, times)
  }

  origin(name: string, options: OriginOptions): TestOrigin {
    const send = (message: HubMessage) => {
      for (const delay of this.network(name, message)) this.clock.after(delay, () => this.arrive(name, message))
    }
    const origin = new TestOrigin(name, this.clock, send, options)
    this.origins.push(origin)
    return origin
  }

  arrive(name: string, message: HubMessage): void {
    this.choice.take(name, message, encodeMessage(message))
  }

  /** Numbers in the frames, in the order of their arrival. */
  get numbers(): readonly number[] {
    return this.heard.flatMap(({ message }) => message.frames.map(({ bytes }) => numberOf(bytes)))
  }

  get openings(): number {
    return this.heard.filter(({ begins }) => begins).length
  }

  /** Longest time between two deliveries, less the sound of the first. */
  get longestSilenceMs(): number {
    let [longest, at, sound] = [0, this.heard[0]?.at ?? 0, 0]
    for (const { at: now, message } of this.heard) {
      if (now > at) {
        longest = Math.max(longest, now - at - sound)
        ;[at, sound] = [now, 0]
      }
      sound += message.frames.length * FRAME_MS
    }
    return Math.max(longest, this.clock.now() - at - sound)
  }

  /** @returns what is wrong with the openings: each begins with a key, and its frames follow one another */
  get fault(): string | undefined {
    let next: { epoch: string; seq: number; us: number } | undefined
    for (const { begins, message } of this.heard) {
      const { epoch, seq, us, frames, key } = message
      if (begins && (key === undefined || key.preamble === null)) return `no key at ${epoch} ${seq}`
      const follows = next !== undefined && epoch === next.epoch && seq === next.seq && Math.abs(us - next.us) < 1
      if (!begins && !follows) return `${epoch} ${seq} at ${us} does not follow ${JSON.stringify(next)}`
      next = { epoch, seq: seq + frames.length, us: us + frames.length * FRAME_MS * 1000 }
    }
    return undefined
  }

  end(): void {
    for (const origin of this.origins) origin.stop()
    this.choice.close()
  }
}

/** Returns the numbers from `from` up to `to`. */
export function range(from: number, to: number): number[] {
  return Array.from({ length: to - from }, (_, at) => from + at)
}
