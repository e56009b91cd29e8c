import { endlessWavHeader } from '../../filters/wav/header.ts'
import { createDeliveries, type DeliveryOf } from '../delivery/deliveries.ts'
import { QueueSink } from '../delivery/queue-sink.ts'
import type { Start } from '../delivery/start.ts'
import type { StreamPlan } from '../plan/stream-plan.ts'
import type { StreamListener } from '../source/derived/listen.ts'
import type { Side, SideStart } from '../source/derived/side.ts'
import { SourceError } from '../source/source.ts'
import type { Station } from '../station/station.ts'
import { samplesOf } from '../stream/samples-of.ts'
import type { Stream } from '../stream/stream.ts'
import type { Clock } from '../system/clock.ts'

/** Streams that read other streams get frames at once: with a delay of their own, theirs would add to it. */
const undelayed = ({ delivery }: StreamPlan) => ({ ...delivery, maxDelayMs: 0, clientMaxBytes: 0, clientTimeoutMs: 0 })

/** Connects streams to other streams. */
export class InnerListeners {
  readonly #station: Station
  readonly #deliveryOf: DeliveryOf

  /** @param writeMemory see `createDeliveries`. */
  constructor(station: Station, writeMemory: number, clock: Clock) {
    this.#station = station
    this.#deliveryOf = createDeliveries(writeMemory, clock, undelayed)
  }

  /** See `Listen`. @throws SourceError when the path has no stream */
  async listen(path: string, form: 'wav' | 'raw' | undefined, changed: () => void): Promise<StreamListener> {
    const stream = await this.find(path)
    if (stream === undefined) throw new SourceError(`there is no stream at ${path}`)
    const samples = samplesOf(stream)
    const isWav = samples !== undefined && (form === 'wav' || (samples.wavByDefault && form !== 'raw'))
    const sink = new QueueSink(stream, isWav ? endlessWavHeader(samples.format) : undefined, changed)
    this.#deliveryOf(stream).join(sink, { forPlayer: isWav })
    return sink
  }

  /** Returns the stream at a path. */
  find(path: string): Promise<Stream | undefined> {
    return this.#station.find(path)
  }

  /** Returns a stream as a side of a switch. Raw samples stay raw. */
  sideOf(stream: Stream, kind: Side['kind']): Side {
    return new StreamSide(stream, kind, this.#deliveryOf)
  }
}

class StreamSide implements Side {
  readonly kind: Side['kind']
  readonly #stream: Stream
  readonly #deliveryOf: DeliveryOf

  constructor(stream: Stream, kind: Side['kind'], deliveryOf: DeliveryOf) {
    this.kind = kind
    this.#stream = stream
    this.#deliveryOf = deliveryOf
  }

  get format(): string | undefined {
    const { formatName } = this.#stream
    const samples = formatName === undefined ? undefined : samplesOf(this.#stream)?.format
    if (samples === undefined) return formatName
    const { encoding, rate, channels } = samples
    return `${formatName} (${encoding}, ${rate} Hz, ${channels} channels)`
  }

  get contentType(): string | undefined {
    return this.#stream.contentType
  }

  get about(): StreamPlan['about'] {
    return this.#stream.plan.about
  }

  get isFinished(): boolean {
    return this.#stream.isFinished
  }

  get quietMs(): number | undefined {
    return this.#stream.quietMs
  }

  get frameMs(): number {
    const { ring } = this.#stream
    return (ring.at(ring.next - 1)?.durationUs ?? 0) / 1000
  }

  get absence(): string | undefined {
    const { kind, lastEnd } = this.#stream.sourceState
    if (kind === 'open') return undefined
    return lastEnd?.why ?? 'the source is not open yet'
  }

  listen(start: SideStart, changed: () => void): StreamListener {
    const sink = new QueueSink(this.#stream, undefined, changed)
    this.#deliveryOf(this.#stream).join(sink, this.#startOf(start))
    return sink
  }

  #startOf(start: SideStart): Start {
    if (start === 'default') return {}
    return start === 'next' ? { frame: this.#stream.ring.next } : start
  }
}
