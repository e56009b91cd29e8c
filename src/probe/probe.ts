/** Listens to a stream as a listener does, and reports what it gets. */
import { shownUrl } from '../source/relay/shown-url.ts'
import { systemClock } from '../system/clock.ts'
import { print } from '../system/print.ts'
import { findStream } from './find-stream.ts'
import { listen } from './listen.ts'
import { type ProbeReport, reportNotFound, reportOf } from './report.ts'
import { reportJson, reportText } from './report-text.ts'
import { RequestTimes } from './request-times.ts'
import { serverFacts } from './server-facts.ts'

/** What to listen to. */
export interface ProbeOptions {
  /** Address of the stream, with its user and password, if any. */
  readonly url: string
  /** Time to listen, from the first byte on, in milliseconds. */
  readonly listenMs: number
  /** Accept every certificate. */
  readonly insecure: boolean
  readonly format: 'text' | 'json'
}

/** Prints the report. @returns the exit code: 0 good, 1 faulty, 2 nothing to hear */
export async function probe(options: ProbeOptions): Promise<number> {
  const report = await reportOn(options)
  print(options.format === 'json' ? reportJson(report) : reportText(report))
  return report.exitCode
}

/** Ctrl-C ends the time early, with a report of what has been received; before the first byte, it ends the program. */
async function reportOn({ url, listenMs, insecure }: ProbeOptions): Promise<ProbeReport> {
  const clock = systemClock
  const opening = new AbortController()
  const times = new RequestTimes(clock)
  const found = await findStream(url, insecure, times, clock, opening)
  if (!('answer' in found)) return reportNotFound(shownUrl(url), found, times)
  const interruption = new AbortController()
  const interrupt = () => interruption.abort()
  process.once('SIGINT', interrupt)
  try {
    const heard = await listen(found, times, { listenMs, clock, opening, interruption: interruption.signal })
    return reportOf(shownUrl(url), serverFacts(found), times, heard, listenMs)
  } finally {
    process.off('SIGINT', interrupt)
  }
}
