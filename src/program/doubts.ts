import type { Logger } from '@logtape/logtape'
import type { CommandLine } from '../config/command-line.ts'
import type { Config } from '../config/config.ts'
import { missingOf } from './missing.ts'

/** Returns the report of `-check` for a valid configuration: warnings about missing files and unlikely values, if any. */
export async function answerToCheck({ config, doubts, subject }: CommandLine & { kind: 'check' }): Promise<string> {
  const all = [...doubts, ...(await missingOf(config))]
  if (all.length === 0) return `${subject} is fine`
  const count = all.length === 1 ? 'one warning' : `${all.length} warnings`
  return [`${subject} has no errors, and ${count}:`, ...all.map((doubt) => `  ${doubt}`)].join('\n')
}

/** Logs the same warnings, at launch or after a reload, without waiting for the file system. */
export function logDoubts(config: Config, doubts: readonly string[], log: Logger): void {
  const warn = (all: readonly string[]) => {
    for (const problem of all) log.warn('possible mistake found', { problem })
  }
  warn(doubts)
  missingOf(config).then(warn, (error: Error) => log.debug('missing files not checked', { error: error.message }))
}
