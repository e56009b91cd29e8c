import { shownUrl } from '../source/relay/shown-url.ts'
import type { Clock } from '../system/clock.ts'
import { findStream } from './find-stream.ts'
import { listen } from './listen.ts'
import { type ProbeReport, reportNotFound, reportOf } from './report.ts'
import { RequestTimes } from './request-times.ts'
import { serverFacts } from './server-facts.ts'

/** What to listen to. */
export interface ProbeTarget {
  /** Address of the stream, with its user and password, if any. */
  readonly url: string
  /** Time to listen, from the first byte on, in milliseconds. */
  readonly listenMs: number
  /** Accept every certificate. */
  readonly insecure: boolean
}

/** Listens to a stream as a listener does. @param interruption ends it; what has been received is reported */
export async function probeStream(
  { url, listenMs, insecure }: ProbeTarget,
  clock: Clock,
  interruption: AbortSignal,
): Promise<ProbeReport> {
  const times = new RequestTimes(clock)
  const connection = { clock, opening: new AbortController(), interruption }
  const found = await findStream(url, insecure, times, connection)
  if (!('answer' in found)) return reportNotFound(shownUrl(url), found, times)
  const heard = await listen(found, times, listenMs, connection)
  return reportOf(shownUrl(url), serverFacts(found), times, heard, listenMs)
}
