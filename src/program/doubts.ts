import type { Logger } from '@logtape/logtape'
import type { CommandLine } from '../config/command-line.ts'
import type { Config } from '../config/config.ts'
import { missingOf } from './missing.ts'

/** The answer to `-check`: nothing is wrong, but something may be missing, or not be meant as it is written. */
export async function answerToCheck({ config, doubts, subject }: CommandLine & { kind: 'check' }): Promise<string> {
  const all = [...doubts, ...(await missingOf(config))]
  if (all.length === 0) return `${subject} is fine`
  const count = all.length === 1 ? 'one warning' : `${all.length} warnings`
  return [`${subject} has no errors, and ${count}:`, ...all.map((doubt) => `  ${doubt}`)].join('\n')
}

/** Logs the same, at launch or after a reload, without waiting for the files. */
export function logDoubts(config: Config, doubts: readonly string[], log: Logger): void {
  const warn = (all: readonly string[]) => {
    for (const what of all) log.warn('possible mistake', { what })
  }
  warn(doubts)
  missingOf(config).then(warn, (error: Error) => log.debug('missing files not looked for', { error: error.message }))
}
