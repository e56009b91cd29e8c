import { endlessWavHeader } from '../../filters/wav/header.ts'
import { createDeliveries } from '../delivery/deliveries.ts'
import { QueueSink } from '../delivery/queue-sink.ts'
import type { StreamPlan } from '../plan/stream-plan.ts'
import type { Listen } from '../source/derived/listen.ts'
import { SourceError } from '../source/source.ts'
import type { Station } from '../station/station.ts'
import { samplesOf } from '../stream/samples-of.ts'
import type { Clock } from '../system/clock.ts'

/** Streams that read other streams get frames at once: with a delay of their own, theirs would add to it. */
const undelayed = ({ delivery }: StreamPlan) => ({ ...delivery, maxDelayMs: 0, clientMaxBytes: 0, clientTimeoutMs: 0 })

/** @param writeMemory see `createDeliveries`. */
export function createListen(station: Station, writeMemory: number, clock: Clock): Listen {
  const deliveryOf = createDeliveries(writeMemory, clock, undelayed)
  return async (path, form, changed) => {
    const stream = await station.find(path)
    if (stream === undefined) throw new SourceError(`there is no stream at ${path}`)
    const samples = samplesOf(stream)
    const isWav = samples !== undefined && (form === 'wav' || (samples.wavByDefault && form !== 'raw'))
    const sink = new QueueSink(stream, isWav ? endlessWavHeader(samples.format) : undefined, changed)
    deliveryOf(stream).join(sink, { forPlayer: isWav })
    return sink
  }
}
