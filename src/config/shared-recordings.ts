/** Streams that would write the same files. */
import type { ErrorList } from './error-list.ts'
import type { Section } from './file/section.ts'
import type { StreamSettings } from './settings.ts'
import { placed, quoted, UsageError } from './usage-error.ts'

const WOULD_HELP = 'add %{stream}, which is the path of each stream'

/**
 * Refuses names of recordings that two streams have.
 * @param sections for the line of each name
 */
export function refuseSharedRecordings(
  streams: readonly StreamSettings[],
  sections: readonly Section[],
  errors: ErrorList,
): void {
  const owners = new Map<string, string>()
  for (const { path, config } of streams) {
    const { record } = config
    if (record === undefined || record.includes('%{stream}')) continue
    const other = owners.get(record)
    owners.set(record, path)
    const section = sections.find((own) => own.path === path)
    if (other !== undefined) errors.add(refusal(record, `is that of ${other} too; ${WOULD_HELP}`, section))
    else if (isSeveral(path, config.path)) errors.add(refusal(record, `is for several streams; ${WOULD_HELP}`, section))
  }
}

function isSeveral(path: string, directory: string | undefined): boolean {
  return path.endsWith('*') || (path !== '/' && path.endsWith('/') && directory !== undefined)
}

function refusal(record: string, why: string, section: Section | undefined): UsageError {
  const error = new UsageError(`-record ${quoted(record)}: ${why}`, 'record', record)
  const line = section?.lines.get('record') ?? section?.line
  return section === undefined || line === undefined ? error : placed(error, section.file, line)
}
