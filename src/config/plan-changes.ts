/** Changes of a reload. The table of options alone determines when a change takes effect. */
import { isDeepStrictEqual } from 'node:util'
import type { Config } from './config.ts'
import { fieldOf, optionsByFlag } from './flags.ts'
import type { Option } from './option.ts'
import type { Configuration, StreamSettings } from './settings.ts'

/** Changes from one configuration to the next. */
export interface PlanChanges {
  /** Options of the program that take effect at the next start, by their flags. */
  readonly atRestart: readonly string[]
  /** Paths of streams that are to be created, or replaced, because of options that need a new stream. */
  readonly created: readonly string[]
  /** Paths of streams whose options change while they go on. */
  readonly live: readonly string[]
  /** Paths of streams that are removed. */
  readonly removed: readonly string[]
}

export function changesBetween(before: Configuration, after: Configuration): PlanChanges {
  const old = new Map(before.streams.map((stream) => [stream.path, stream]))
  const kept = after.streams.filter(({ path }) => old.has(path))
  // One stream without sections ends the program when it ends.
  const isOther = before.isStation !== after.isStation
  const changes = (stream: StreamSettings, applies: Option['applies']) =>
    isOther || changed(old.get(stream.path)?.config, stream.config, 'stream', applies).length > 0
  const replaced = kept.filter((stream) => changes(stream, 'new stream'))
  const added = after.streams.filter(({ path }) => !old.has(path))
  return {
    atRestart: changed(before.config, after.config, 'program', 'restart'),
    created: [...replaced, ...added].map(({ path }) => path),
    live: kept.filter((stream) => !replaced.includes(stream) && changes(stream, 'live')).map(({ path }) => path),
    removed: before.streams
      .filter(({ path }) => !after.streams.some((stream) => stream.path === path))
      .map(({ path }) => path),
  }
}

/** Returns the later configuration with the earlier values of options that take effect at the next start. */
export function withoutRestart(before: Configuration, after: Configuration): Configuration {
  const kept = flagsThat('program', 'restart').map(fieldOf)
  const values = Object.fromEntries(kept.map((field) => [field, before.config[field]]))
  return { ...after, config: { ...after.config, ...values } }
}

function changed(
  before: Config | undefined,
  after: Config,
  scope: Option['scope'],
  applies: Option['applies'],
): readonly string[] {
  return flagsThat(scope, applies).filter((flag) => {
    const field = fieldOf(flag)
    return !isDeepStrictEqual(before?.[field], after[field])
  })
}

function flagsThat(scope: Option['scope'], applies: Option['applies']): readonly string[] {
  return [...optionsByFlag].flatMap(([flag, option]) =>
    !option.action && option.scope === scope && option.applies === applies ? [flag] : [],
  )
}
