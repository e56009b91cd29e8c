import { systemClock } from '../system/clock.ts'
import { print } from '../system/print.ts'
import { type ProbeTarget, probeStream } from './probe-stream.ts'
import { reportJson, reportText } from './report-text.ts'

/** What to listen to, and how to report it. */
export interface ProbeOptions extends ProbeTarget {
  readonly format: 'text' | 'json'
}

/**
 * Listens to a stream as a listener does, and prints the report. Ctrl-C ends the time early; what has been received is reported.
 * @returns the exit code: 0 good, 1 faulty, 2 nothing to hear
 */
export async function probe({ format, ...target }: ProbeOptions): Promise<number> {
  const interruption = new AbortController()
  process.once('SIGINT', () => interruption.abort())
  const report = await probeStream(target, systemClock, interruption.signal)
  print(format === 'json' ? reportJson(report) : reportText(report))
  return report.exitCode
}
