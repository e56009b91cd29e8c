/** The command line and the file of `-config`, brought together. */
import type { Config } from './config.ts'
import { refuseConflicts } from './conflicts.ts'
import { type FileFlags, readConfigFile } from './file/config-file.ts'
import type { Given } from './given.ts'
import { parseBoolean } from './kinds/boolean.ts'
import { makeConfig } from './make-config.ts'
import { placed, UsageError } from './usage-error.ts'

/**
 * @param isRun false for a file that is read to be checked or taken on by a running program: it must have settings.
 * @returns what the command line says and, where it is silent, its file.
 * @throws UsageError
 */
export function configOf(typed: Given, isRun = true): Config {
  const config = makeConfig(typed)
  if (config.configFile === undefined) {
    refuseConflicts(config)
    return config
  }
  const file = readConfigFile(config.configFile)
  // An editor, or a full disk, has cut it off: its flags are not meant to be the defaults.
  if (!isRun && file.values.size === 0) throw new UsageError(`${file.path}: contains no flags`, 'config', undefined)
  const both = makeConfig(merged(file, typed))
  try {
    refuseConflicts(both)
  } catch (error) {
    throw error instanceof UsageError ? inFile(error, file, typed) : error
  }
  return both
}

const sources: ReadonlySet<string> = new Set(['exec', 'path', 'play', 'demo'])

/** Flag by flag the command line wins; a source that it names takes the place of whatever source the file names. */
function merged(file: Given, typed: Given): Given {
  const kept = [...file.values].filter(([flag]) => !(sources.has(flag) && namesSource(typed)))
  const values = new Map([...kept, ...typed.values])
  return { values, command: typed.command ?? (values.has('exec') ? file.command : undefined) }
}

function namesSource({ values }: Given): boolean {
  return [...sources].some(
    (flag) => values.has(flag) && (flag !== 'demo' || parseBoolean(values.get(flag)?.at(-1) ?? '')),
  )
}

/** Adds the line of the flag that a conflict is about to the error, when that flag is in the file. */
function inFile(error: UsageError, { path, lines }: FileFlags, typed: Given): UsageError {
  const line = error.flag === undefined || typed.values.has(error.flag) ? undefined : lines.get(error.flag)
  return line === undefined ? error : placed(error, path, line)
}
