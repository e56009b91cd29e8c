/** Options of one section of a file. */
import type { Config } from './config.ts'
import { ConflictError, refuseStreamConflicts } from './conflicts.ts'
import type { Section } from './file/section.ts'
import type { Given } from './given.ts'
import { readsAllOfHub } from './hub-plans.ts'
import { makeConfig } from './make-config.ts'
import { namesSource } from './named-source.ts'
import { placed, UsageError } from './usage-error.ts'

/** Flags that name a source. A section does not inherit them. */
export const SOURCE_FLAGS: ReadonlySet<string> = new Set(['from', 'exec', 'path', 'play', 'relay', 'publish', 'demo'])

/**
 * Merges a section with the head of its file. An inherited option that its own options exclude is left out.
 * @throws UsageError with the file and the line
 */
export function sectionConfig(section: Section, head: Given): Config {
  const inherited = new Map([...head.values].filter(([flag]) => !SOURCE_FLAGS.has(flag)))
  for (;;) {
    const config = makeConfig({ values: new Map([...inherited, ...section.values]), command: section.command })
    try {
      placedInSection(section, NOTHING_TYPED, () => refuseStreamConflicts(config))
      refuseSource(section, config)
      return config
    } catch (error) {
      const left = excludedDefault(error, section, inherited)
      if (left === undefined) throw error
      inherited.delete(left)
    }
  }
}

const NOTHING_TYPED: Given = { values: new Map(), command: undefined }

/** Returns the inherited flag of a conflict. */
function excludedDefault(error: unknown, section: Section, inherited: Given['values']): string | undefined {
  const { cause = error } = error as Error
  return flagsOf(cause).find((flag) => inherited.has(flag) && !section.values.has(flag))
}

function flagsOf(error: unknown): string[] {
  if (error instanceof ConflictError) return [error.flag ?? '', error.other]
  return error instanceof UsageError ? [error.flag ?? ''] : []
}

/** @throws UsageError about a source that is missing, or that the path of the section excludes */
function refuseSource({ path = '', file, line, lines }: Section, config: Config): void {
  const refuse = (at: number, why: string) => new UsageError(`${file}:${at}: [${path}] ${why}`, 'config', path)
  const isOff = (flag: string) => (flag === 'demo' && !config.demo) || (flag === 'publish' && !config.publish)
  const given = [...SOURCE_FLAGS].find((flag) => lines.has(flag) && !isOff(flag))
  const sourceLine = lines.get(given ?? '') ?? line
  if (path.endsWith('*')) {
    const readsHub = config.from !== undefined && 'hub' in config.from
    if (readsHub && !readsAllOfHub(config))
      throw refuse(sourceLine, 'is for several streams: from hub:* is all of the hub')
    if (!readsHub && given !== undefined && given !== 'publish')
      throw refuse(sourceLine, `is for published streams, which have no other source (${given})`)
    const nameLine = lines.get('hub-name')
    if (nameLine !== undefined) throw refuse(nameLine, 'is for several streams, which cannot share one hub-name')
    const titleLine = lines.get('title-file')
    if (titleLine !== undefined) throw refuse(titleLine, 'is for several streams, which cannot share one title-file')
  } else if (readsAllOfHub(config)) {
    throw refuse(sourceLine, 'is one stream: from hub:* needs a section such as [/*]')
  } else if (!namesSource(config)) {
    throw refuse(
      line,
      'names no source; add exec, path, play, from, relay, publish or demo (path /dev/stdin is standard input)',
    )
  } else if (path !== '/' && path.endsWith('/') && given !== 'path') {
    throw refuse(sourceLine, `ends in a slash: it is a directory of FIFOs, which needs path, not ${given}`)
  }
}

/**
 * Runs checks of options.
 * @throws their UsageError, with the line of its flag, or of the later one of two flags; unchanged if neither is in the
 * section. The original error is the cause.
 */
export function placedInSection({ file, lines }: Section, typed: Given, check: () => void): void {
  try {
    check()
  } catch (error) {
    if (!(error instanceof UsageError)) throw error
    const found = flagsOf(error).flatMap((flag) => (typed.values.has(flag) ? [] : (lines.get(flag) ?? [])))
    const at = found.length > 0 ? Math.max(...found) : undefined
    throw at === undefined ? error : placed(error, file, at)
  }
}
