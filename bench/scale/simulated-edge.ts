import { decodeMessage, type HubFrame } from '../../filters/hub/message.ts'
import { Continuity, type Incident } from './continuity.ts'
import type { HubClient, HubConnection, SentFrames } from './hub-member.ts'
import type { Choice, Parts } from './parts.ts'
import type { SimulatedClock } from './simulated-clock.ts'
import type { SimulatedHub } from './simulated-hub.ts'
import { SENT, type SimulatedStream } from './simulated-origin.ts'
import type { WireQuality } from './wire.ts'

/** An irregularity, and where it was. */
export interface EdgeIncident extends Incident {
  readonly edge: number
}

/** A program that has all streams from the hub. */
export class SimulatedEdge implements HubClient {
  readonly name: string
  readonly hearsFrames = true
  readonly quality: WireQuality
  readonly #number: number
  readonly #clock: SimulatedClock
  readonly #hub: SimulatedHub
  readonly #parts: Parts
  readonly #streams: readonly SimulatedStream[]
  readonly #report: (incident: EdgeIncident) => void
  #choices: Choice[] = []
  #ears: Continuity[] = []
  #connection: HubConnection | undefined
  #wasConnected = false
  /** Totals of the choices that have ended. */
  readonly #ended = { changes: 0, duplicates: 0, refilled: 0 }

  constructor(
    number: number,
    quality: WireQuality,
    { clock, hub, parts, streams }: EdgeSurroundings,
    report: (incident: EdgeIncident) => void,
  ) {
    this.name = `edge ${number}`
    this.quality = quality
    this.#number = number
    this.#clock = clock
    this.#hub = hub
    this.#parts = parts
    this.#streams = streams
    this.#report = report
  }

  /** Number of the hub server that it is connected to. */
  get server(): number | undefined {
    return this.#connection?.server
  }

  /** @param server the one to connect to first */
  start(server: number): void {
    this.#wasConnected = false
    this.#ears = this.#streams.map(
      (stream) => new Continuity(stream, this.#clock, (incident) => this.#report({ ...incident, edge: this.#number })),
    )
    this.#choices = this.#streams.map((stream, i) => {
      const frames = (payload: Buffer, begins: boolean) => this.#ears[i]?.take(framesOf(payload), begins)
      return this.#parts.makeChoice({ frames, askAgain: () => this.#connection?.ask(stream.number) }, this.#clock)
    })
    this.#connection = this.#hub.connect(this, server)
  }

  /** Ends at once. */
  kill(): void {
    this.#connection?.close()
    this.#connection = undefined
    for (const choice of this.#choices) {
      this.#ended.changes += choice.counters.changes
      this.#ended.duplicates += choice.counters.duplicates
      this.#ended.refilled += choice.counters.refilled
      choice.close()
    }
    this.#choices = []
  }

  /** Reports what is still missing. */
  end(): void {
    if (this.#choices.length > 0) for (const ear of this.#ears) ear.end()
    this.kill()
  }

  /** Totals of all streams, once it has ended. */
  get totals(): Readonly<{ changes: number; duplicates: number; refilled: number }> {
    return this.#ended
  }

  receive({ stream, origin, message, payload }: SentFrames): void {
    this.#choices[stream]?.take(origin, message, payload)
  }

  asked(): void {}

  connected(): void {
    if (this.#wasConnected) for (const choice of this.#choices) choice.reconnected()
    this.#wasConnected = true
    const choices = this.#choices
    this.#clock.after(2 * this.quality.latencyMs, () => {
      // It may have ended, and started again, meanwhile.
      if (this.#choices !== choices) return
      for (const { number } of this.#streams) for (const sent of this.#hub.history(number)) this.receive(sent)
    })
  }
}

/** Returns the frames of a message; those that are sent on as they came need not be decoded. */
function framesOf(payload: Buffer): readonly HubFrame[] {
  const sent = SENT.get(payload)
  if (sent !== undefined) return sent.message.frames
  const message = decodeMessage(payload)
  if (typeof message === 'string') throw new TypeError(message)
  return message.frames
}

/** What all edges have in common. */
export interface EdgeSurroundings {
  readonly clock: SimulatedClock
  readonly hub: SimulatedHub
  readonly parts: Parts
  readonly streams: readonly SimulatedStream[]
}
