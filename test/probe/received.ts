import type { Heard, ListenEnd } from '../../src/probe/listen.ts'
import { Reception } from '../../src/probe/reception.ts'
import { type ProbeReport, reportOf } from '../../src/probe/report.ts'
import { RequestTimes } from '../../src/probe/request-times.ts'
import type { ServerFacts } from '../../src/probe/server-facts.ts'
import { createManualClock } from '../manual-clock.ts'

/** Bytes that arrive at a time, in milliseconds, with a title if there is a new one. */
export type Arrival = readonly [at: number, bytes: Buffer, title?: string]

/** What is unlike a good stream that is heard for ten seconds. */
interface Circumstances {
  readonly contentType?: string
  readonly server?: Partial<ServerFacts>
  readonly end?: ListenEnd
  readonly listenedMs?: number
}

const URL = 'http://radio.example/live'
const LISTEN_MS = 10_000
const SERVER: ServerFacts = {
  address: URL,
  status: 200,
  server: 'Icecast 2.4.4',
  contentType: 'audio/mpeg',
  contentLength: undefined,
  name: undefined,
  description: undefined,
  genre: undefined,
  icyBitRateKbps: undefined,
}

/** Reports bytes as if a server had sent them; the first ones arrive at 0. */
export function reportOn(arrivals: readonly Arrival[], circumstances: Circumstances = {}): ProbeReport {
  const { end = { kind: 'time' }, listenedMs = LISTEN_MS, server } = circumstances
  const contentType = 'contentType' in circumstances ? circumstances.contentType : SERVER.contentType
  const reception = new Reception()
  for (const [at, bytes, title] of arrivals) reception.take(bytes, at, title)
  reception.end(listenedMs, end.kind === 'ended')
  const heard: Heard = { reception, listenedMs, end }
  return reportOf(URL, { ...SERVER, contentType, ...server }, new RequestTimes(createManualClock()), heard, LISTEN_MS)
}

/** Groups of frames that arrive one after the other. @param everyMs time from one group to the next @param from of the first */
export function groups(frames: readonly Buffer[], size: number, everyMs: number, from = 0): Arrival[] {
  const count = Math.ceil(frames.length / size)
  return Array.from({ length: count }, (_, i) => [
    from + i * everyMs,
    Buffer.concat(frames.slice(i * size, (i + 1) * size)),
  ])
}

/** Codes of the faults of a report. */
export function faultsOf({ faults }: ProbeReport): string[] {
  return faults.map(({ code }) => code)
}

/** Codes of the remarks on a report. */
export function remarksOf({ remarks }: ProbeReport): string[] {
  return remarks.map(({ code }) => code)
}
