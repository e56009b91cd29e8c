import type { Logger } from '@logtape/logtape'
import type { CommandLine } from '../config/command-line.ts'
import type { ProgramPlan } from '../plan/program-plan.ts'
import { checkHub } from './check-hub.ts'
import { missingOf } from './missing.ts'
import { planTable } from './plan-table.ts'

/**
 * Returns the report of `-check` for a valid configuration: warnings about missing files, unlikely values and the hub, if any, and
 * the streams of a station file as a table.
 */
export async function answerToCheck({ plan, doubts, subject }: CommandLine & { kind: 'check' }): Promise<string> {
  const hub = await checkHub(plan)
  const all = [...doubts, ...withoutHls(plan), ...(await missingOf(plan)), ...hub.problems]
  const count = all.length === 1 ? 'one warning' : `${all.length} warnings`
  const result = all.length === 0 ? `${subject} has no errors` : `${subject} has no errors, and ${count}:`
  const table = plan.isStation ? ['', planTable(plan)] : []
  return [result, ...all.map((doubt) => `  ${doubt}`), ...hub.facts, ...table].join('\n')
}

/** Returns a sentence for each stream that has samples, of which HLS is not possible. The log has it when the source is open. */
function withoutHls({ streams, isStation }: ProgramPlan): string[] {
  const ofSamples = streams.filter(({ hls, ingest }) => hls !== undefined && ingest.samples !== undefined)
  return ofSamples.map(({ place }) => {
    const where = isStation && place !== undefined ? `${place}: ` : ''
    return `${where}-hls: HLS has no segments of samples; an encoder in -exec, such as ffmpeg or lame, would make MP3, AAC or Opus of them`
  })
}

/** Logs the warnings about files, and about unlikely values, at launch or after a reload, without waiting for the file system. */
export function logDoubts(plan: ProgramPlan, doubts: readonly string[], log: Logger): void {
  const warn = (all: readonly string[]) => {
    for (const problem of all) log.warn('possible mistake found', { problem })
  }
  warn(doubts)
  missingOf(plan).then(warn, (error: Error) => log.debug('missing files not checked', { error: error.message }))
}
