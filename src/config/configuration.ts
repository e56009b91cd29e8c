/** Merges the command line and the file of `-config`. */
import type { Config } from './config.ts'
import { refuseProgramConflicts, refuseStreamConflicts } from './conflicts.ts'
import { collectErrors } from './error-list.ts'
import { type ConfigFile, readConfigFile } from './file/config-file.ts'
import type { Given } from './given.ts'
import { readsAllOfHub } from './hub-plans.ts'
import { parseBoolean } from './kinds/boolean.ts'
import { makeConfig } from './make-config.ts'
import { refuseReferences } from './references.ts'
import { placedInSection, SOURCE_FLAGS } from './section-settings.ts'
import type { Configuration, StreamSettings } from './settings.ts'
import { stationSettings } from './station-settings.ts'
import { UsageError } from './usage-error.ts'

/** Path of published streams for which the file has no section. */
export const ALL_PATHS = '/*'
/** Sources without a value. */
const SWITCHES = new Set(['demo', 'publish'])

/**
 * @param isRun false for a file that is checked, or reread by a running program: it must have settings.
 * @throws UsageError
 */
export function configurationOf(typed: Given, isRun = true): Configuration {
  const config = makeConfig(typed)
  if (config.configFile === undefined) return ofCommandLine(config)
  const file = readConfigFile(config.configFile)
  const isEmpty = file.head.values.size === 0 && file.sections.length === 0
  // An editor, or a full disk, has truncated it: the defaults are not intended.
  if (!isRun && isEmpty)
    throw new UsageError(
      `${file.path}: contains no flags; each line is one without its dash, such as demo`,
      'config',
      undefined,
    )
  const head = merged(file.head, typed)
  return file.sections.length === 0 ? ofHead(file, head, typed) : stationSettings(file, head, typed)
}

function ofCommandLine(config: Config): Configuration {
  refuseProgramConflicts(config)
  refuseStreamConflicts(config)
  return alone({ path: pathOf(config), place: undefined, config })
}

function alone(stream: StreamSettings): Configuration {
  return collectErrors((errors) => {
    refuseReferences([stream], [], errors)
    return { config: stream.config, streams: [stream], isStation: readsAllOfHub(stream.config) }
  })
}

/** Without sections, every path can be published at, and all streams of a hub have their own. */
function pathOf(config: Config): string {
  return config.publish || readsAllOfHub(config) ? ALL_PATHS : '/'
}

function ofHead(file: ConfigFile, head: Given, typed: Given): Configuration {
  const config = makeConfig(head)
  placedInSection(file.head, typed, () => {
    refuseProgramConflicts(config)
    refuseStreamConflicts(config)
  })
  return alone({ path: pathOf(config), place: file.path, config })
}

/** Flags of the command line replace those of the file; its source replaces any source of the file. */
function merged(file: Given, typed: Given): Given {
  const kept = [...file.values].filter(([flag]) => !(SOURCE_FLAGS.has(flag) && namesSource(typed)))
  const values = new Map([...kept, ...typed.values])
  return { values, command: typed.command ?? (values.has('exec') ? file.command : undefined) }
}

function namesSource({ values }: Given): boolean {
  return [...SOURCE_FLAGS].some(
    (flag) => values.has(flag) && (!SWITCHES.has(flag) || parseBoolean(values.get(flag)?.at(-1) ?? '') === true),
  )
}
