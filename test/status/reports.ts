import type { ProgramFacts } from '../../src/status/program-troubles.ts'
import type { SourceStatus, StatusReport, StreamStatus } from '../../src/status/report.ts'

/** Time of the reports, in milliseconds since 1970. */
export const WALL = Date.parse('2026-05-31T12:00:00Z')

/** Of a program that works. */
export const FACTS: ProgramFacts = {
  descriptors: { used: 100, limit: 1_000, areNearlyAll: false },
  connections: { open: 100, max: 0 },
  certificateEndsAt: WALL + 15 * 86_400_000,
  threadCrashedAt: undefined,
  clockJump: undefined,
  files: [],
  hub: undefined,
}

/** A report about these streams, with little else. */
export function reportOf(streams: readonly StreamStatus[], time = '2026-05-31T12:00:00Z'): StatusReport {
  const program = {
    name: null,
    version: '1.2.3',
    node: 'v24.0.0',
    startedAt: '2026-05-31T11:00:00Z',
    listeners: 0,
    memoryBytes: 80_000_000,
    threads: 1,
    load: 0.1,
  }
  return { time, troubles: [], program, hub: null, streams }
}

/** An open source, with changes by the test. */
export function sourceOf(changes: Partial<SourceStatus> = {}): SourceStatus {
  return {
    kind: 'exec',
    state: 'open',
    since: '2026-05-31T11:00:00Z',
    retryAt: null,
    label: 'the source',
    leftOut: null,
    openings: 1,
    lastEnd: null,
    said: [],
    ...changes,
  }
}

/** An open stream, with changes by the test. */
export function streamOf(path: string, changes: Partial<StreamStatus> = {}): StreamStatus {
  return {
    path,
    name: null,
    listen: path,
    contentType: 'audio/mpeg',
    format: 'MP3',
    title: null,
    titles: [],
    source: sourceOf(),
    publisher: null,
    relay: null,
    from: null,
    fallback: null,
    bitsPerSecond: 128_000,
    level: null,
    silentSince: null,
    recording: null,
    listeners: 0,
    maxListeners: null,
    hls: null,
    hub: null,
    rewind: null,
    listenerPeak: null,
    history: { everySeconds: 5, from: 0, listeners: [] },
    framesSent: 0,
    framesSkipped: 0,
    bytesIn: 0,
    invalidBytes: 0,
    bytesOut: 0,
    ...changes,
  }
}
