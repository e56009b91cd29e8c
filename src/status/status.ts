import type { DeliveryOf } from '../delivery/deliveries.ts'
import type { Station } from '../stream/station.ts'
import type { Stream } from '../stream/stream.ts'
import { type Clock, pause } from '../system/clock.ts'
import { readVersion } from '../system/version.ts'
import type { Threads } from '../threads/threads.ts'
import { type Moments, momentsNow } from './moments.ts'
import type { ProgramStatus, StatusReport, StreamStatus } from './report.ts'
import { createSaid, pulseOf, sourceStatus } from './source-status.ts'
import { type KnownSamples, streamStatus } from './stream-status.ts'
import { createTraces, POINT_EVERY_SECONDS } from './traces.ts'
import { createWorkMeter } from './work-meter.ts'

/** Whose status it is. */
export interface Subject {
  readonly station: Station
  readonly deliveryOf: DeliveryOf
  readonly threads: Pick<Threads, 'count' | 'recount'>
  /** What the configuration says; it may say something else later. */
  readonly about: () => { readonly name: string | undefined; readonly samples: KnownSamples | undefined }
  /** False: command lines, and what commands say, are left out, for either may hold a password. */
  readonly isOpenhearted: boolean
}

/** How the program and its streams are. A point is taken of each stream every few seconds; all else is looked up when asked for. */
export interface Status {
  /** Of all threads: it takes a moment until they have answered. */
  report(): Promise<StatusReport>
  /** A text that changes when listeners come or leave, or when something becomes of a source. It costs next to nothing. */
  pulse(): string
  /** Takes no more points. */
  stop(): void
}

/** Threads that have not counted by then are told of as they were before, in milliseconds. */
const COUNT_WITHIN_MS = 500

export function createStatus(subject: Subject, clock: Clock): Status {
  const { station, deliveryOf, threads, about, isOpenhearted } = subject
  const startedAt = clock.now()
  const traces = createTraces()
  const work = createWorkMeter()
  const version = readVersion()
  const said = createSaid()
  let cancel: (() => void) | undefined

  function takePoint(): void {
    work.mark()
    traces.takePoint(station.streams(), clock.now())
    cancel = clock.after(POINT_EVERY_SECONDS * 1000, takePoint)
  }

  function statusOf(stream: Stream, moment: Moments): StreamStatus {
    const now = clock.now()
    const source = sourceStatus(stream, now, moment, said, isOpenhearted)
    return streamStatus(stream, source, deliveryOf(stream).count(), traces.of(stream.path), about().samples, now)
  }

  function programStatus(moment: Moments, listeners: number): ProgramStatus {
    return {
      name: about().name ?? null,
      version,
      node: process.version,
      startedAt: moment(startedAt),
      listeners,
      memoryBytes: process.memoryUsage.rss(),
      threads: threads.count + 1,
      load: Math.round(work.load * 1000) / 1000,
    }
  }

  takePoint()
  return {
    async report() {
      if (threads.count > 0) await Promise.race([threads.recount(), pause(clock, COUNT_WITHIN_MS)])
      const moment = momentsNow(clock)
      const streams = Array.from(station.streams(), (stream) => statusOf(stream, moment))
      const listeners = streams.reduce((sum, stream) => sum + stream.listeners, 0)
      return {
        time: moment(clock.now()),
        program: programStatus(moment, listeners),
        streams: streams.toSorted((one, other) => (one.path < other.path ? -1 : 1)),
      }
    },
    pulse: () => Array.from(station.streams(), (stream) => `${stream.listeners} ${pulseOf(stream.sourceState)}`).join(),
    stop: () => cancel?.(),
  }
}
