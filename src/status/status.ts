import type { About } from '../plan/stream-plan.ts'
import type { Station } from '../station/station.ts'
import type { Stream } from '../stream/stream.ts'
import type { Clock } from '../system/clock.ts'
import { readVersion } from '../system/version.ts'
import type { Threads } from '../threads/threads.ts'
import { createPathHistory, POINT_EVERY_SECONDS } from './path-history.ts'
import type { ProgramStatus, StatusReport, StreamStatus } from './report.ts'
import { changeToken, createSaid, sourceStatus } from './source-status.ts'
import { streamStatus } from './stream-status.ts'
import { type Moments, momentsNow } from './timestamps.ts'
import { createWorkMeter } from './work-meter.ts'

/** Parts of the program that the status is about. */
export interface Subject {
  readonly station: Station
  readonly threads: Pick<Threads, 'count'>
  /** Values of the current configuration, which a reload may change. */
  readonly about: () => About
  /** False: command lines and the output of commands are omitted, because either may contain a password. */
  readonly showsCommands: boolean
}

/** Status of the program and its streams. The history gets a point every few seconds; the rest is computed on request. */
export interface Status {
  /** Includes the counts of all threads. */
  report(): Promise<StatusReport>
  /** A text that changes with the number of listeners and the state of a source. It is cheap to compute. */
  pulse(): string
  /** Stops adding points to the history. */
  stop(): void
}

export function createStatus(subject: Subject, clock: Clock): Status {
  const { station, threads, about, showsCommands } = subject
  const startedAt = clock.now()
  const traces = createPathHistory()
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
    const source = sourceStatus(stream, now, moment, said, showsCommands)
    return streamStatus(stream, source, traces.of(stream.path), now)
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
      const moment = momentsNow(clock)
      const streams = Array.from(station.streams(), (stream) => statusOf(stream, moment))
      const listeners = streams.reduce((sum, stream) => sum + stream.listeners, 0)
      return {
        time: moment(clock.now()),
        program: programStatus(moment, listeners),
        streams: streams.toSorted((one, other) => (one.path < other.path ? -1 : 1)),
      }
    },
    pulse: () =>
      Array.from(station.streams(), (stream) => `${stream.listeners} ${changeToken(stream.sourceState)}`).join(),
    stop: () => cancel?.(),
  }
}
