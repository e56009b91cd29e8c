import type { HlsFigures } from '../hls/hls-stream.ts'
import type { LevelMeters } from '../level/level-meters.ts'
import type { Recording } from '../recorder/recorder.ts'
import type { Station } from '../station/station.ts'
import type { Stream } from '../stream/stream.ts'
import type { Clock } from '../system/clock.ts'
import { readVersion } from '../system/version.ts'
import type { Threads } from '../threads/threads.ts'
import { type FactSources, Facts } from './facts.ts'
import { hubStatus, streamHubStatus } from './hub-status.ts'
import { levelStatus } from './level-status.ts'
import { createPathHistory, POINT_EVERY_SECONDS } from './path-history.ts'
import { fallbackStatus, peerStatus } from './peer-status.ts'
import { recordingStatus } from './recording-status.ts'
import type { ProgramStatus, StatusReport, StreamStatus, Trouble } from './report.ts'
import { changeToken, createSaid, sourceStatus } from './source-status.ts'
import { streamStatus } from './stream-status.ts'
import { type Moments, momentsNow } from './timestamps.ts'
import { createPlayed } from './title-status.ts'
import { Troubles } from './troubles.ts'
import { createWorkMeter } from './work-meter.ts'

/** Parts of the program that the status is about. */
export interface Subject extends FactSources {
  readonly station: Station
  readonly threads: Pick<Threads, 'count' | 'crashedAt'>
  readonly levels: Pick<LevelMeters, 'read'>
  /** Returns the figures of a path's HLS; undefined: it has none. */
  readonly hls: (path: string) => HlsFigures | undefined
  readonly recordings: RecordingReader
}

/** Returns the state of a stream's recording; undefined: it is not recorded. */
interface RecordingReader {
  read(stream: Stream): Recording | undefined
}

/** Status of the program and its streams. The history gets a point every few seconds; the rest is computed on request. */
export interface Status {
  /**
   * Includes the counts of all threads.
   * @param showsCommands false: omits command lines and the output of commands, because either may contain a password, and
   * addresses of publishers and of other servers
   */
  report(showsCommands: boolean): Promise<StatusReport>
  /** A text that changes with the number of listeners and the state of a source. It is cheap to compute. */
  pulse(): string
  /** Stops adding points to the history. */
  stop(): void
}

/** Makes the status, and starts its history. */
export function createStatus(subject: Subject, clock: Clock): Status {
  return new SubjectStatus(subject, clock)
}

const NOT_READ: Subject['levels'] = { read: () => undefined }

class SubjectStatus implements Status {
  readonly #subject: Subject
  readonly #clock: Clock
  readonly #startedAt: number
  readonly #history = createPathHistory()
  readonly #work = createWorkMeter()
  readonly #version = readVersion()
  readonly #said = createSaid()
  readonly #played = createPlayed()
  readonly #facts: Facts
  readonly #troubles = new Troubles()
  #cancel: () => void

  constructor(subject: Subject, clock: Clock) {
    this.#subject = subject
    this.#clock = clock
    this.#startedAt = clock.now()
    this.#facts = new Facts(subject, clock)
    this.#cancel = this.#addPoint()
  }

  async report(showsCommands: boolean): Promise<StatusReport> {
    const moment = momentsNow(this.#clock)
    const { levels } = this.#subject
    const streams = this.#streams(moment, showsCommands, levels)
    const listeners = streams.reduce((sum, stream) => sum + stream.listeners, 0)
    return {
      time: moment(this.#clock.now()),
      troubles: this.#lookForTroubles(streams, moment, showsCommands),
      program: this.#programStatus(moment, listeners),
      hub: hubStatus(this.#subject.hub, moment, showsCommands),
      streams,
    }
  }

  pulse(): string {
    const { station, hub } = this.#subject
    return `${hub?.link.isConnected} ${Array.from(station.streams(), pulseOf).join()}`
  }

  stop(): void {
    this.#cancel()
  }

  /** @returns a function that cancels the next point. */
  #addPoint(): () => void {
    this.#work.mark()
    this.#history.takePoint(this.#subject.station.streams(), this.#clock.now())
    this.#facts.check()
    const moment = momentsNow(this.#clock)
    // Silence has its own time, and a level that is read is measured from then on.
    this.#lookForTroubles(this.#streams(moment, false, NOT_READ), moment, false)
    return this.#clock.after(POINT_EVERY_SECONDS * 1000, () => (this.#cancel = this.#addPoint()))
  }

  #streams(moment: Moments, showsCommands: boolean, levels: Subject['levels']): StreamStatus[] {
    const { station } = this.#subject
    const streams = Array.from(station.streams(), (stream) => this.#statusOf(stream, moment, showsCommands, levels))
    return streams.toSorted((one, other) => (one.path < other.path ? -1 : 1))
  }

  #lookForTroubles(streams: readonly StreamStatus[], moment: Moments, showsNames: boolean): readonly Trouble[] {
    return this.#troubles.look(streams, this.#facts.now(showsNames), this.#facts.time, moment)
  }

  #statusOf(stream: Stream, moment: Moments, showsCommands: boolean, levels: Subject['levels']): StreamStatus {
    const now = this.#clock.now()
    const source = sourceStatus(stream, now, moment, this.#said, showsCommands)
    const fallback = fallbackStatus(stream, moment, showsCommands)
    const level = levelStatus(levels.read(stream), moment)
    const titles = this.#played(stream.titleHistory.all, moment)
    const hls = hlsStatus(this.#subject.hls(stream.path))
    const hub = streamHubStatus(this.#subject.hub, stream)
    const recording = this.#recordingOf(stream, now, moment, showsCommands)
    const parts = {
      titles,
      source,
      fallback,
      hls,
      hub,
      recording,
      ...level,
      ...peerStatus(stream, moment, showsCommands),
    }
    return streamStatus(stream, parts, this.#history.of(stream.path), now, moment)
  }

  #recordingOf(stream: Stream, now: number, moment: Moments, showsFiles: boolean): StreamStatus['recording'] {
    const { recordingFramesLost } = stream.counters
    return recordingStatus(this.#subject.recordings.read(stream), recordingFramesLost, now, moment, showsFiles)
  }

  #programStatus(moment: Moments, listeners: number): ProgramStatus {
    const { plan, threads } = this.#subject
    return {
      name: plan().about.name ?? null,
      version: this.#version,
      node: process.version,
      startedAt: moment(this.#startedAt),
      listeners,
      memoryBytes: process.memoryUsage.rss(),
      threads: threads.count + 1,
      load: Math.round(this.#work.load * 1000) / 1000,
    }
  }
}

function hlsStatus(figures: HlsFigures | undefined): StreamStatus['hls'] {
  return figures === undefined
    ? null
    : { listeners: figures.listeners, requests: figures.requests, bytesOut: figures.bytes }
}

function pulseOf({ listeners, sourceState, fallback }: Stream): string {
  return `${listeners} ${changeToken(sourceState)} ${fallback?.name ?? ''}`
}
