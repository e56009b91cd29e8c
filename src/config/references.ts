/** References of streams to each other: `from` and `fallback`. */
import { existsSync } from 'node:fs'
import { systemPath } from '../text/byte-path.ts'
import { isBelow } from '../text/stream-path.ts'
import type { ErrorList } from './error-list.ts'
import type { Section } from './file/section.ts'
import type { StreamSettings } from './settings.ts'
import { quoted, UsageError } from './usage-error.ts'

/** A stream that needs another one. */
interface Reference {
  readonly flag: 'from' | 'fallback'
  /** As written, without its query. */
  readonly target: string
}

/**
 * Refuses references to streams that do not exist, and circles of streams that would wait for each other.
 * @param sections for the line of each reference
 */
export function refuseReferences(
  streams: readonly StreamSettings[],
  sections: readonly Section[],
  errors: ErrorList,
): void {
  for (const stream of streams) {
    for (const { flag, target } of referencesOf(stream)) {
      const isFile = flag === 'fallback' && existsSync(systemPath(target))
      if (entryOf(target, streams) === undefined && !isFile)
        errors.add(refusal(stream, sections, flag, missing(flag, target)))
    }
  }
  refuseCircles(streams, sections, errors)
}

function missing(flag: Reference['flag'], target: string): string {
  const what = flag === 'from' ? 'there is no stream' : 'there is neither a stream nor a file or folder'
  return `-${flag} ${quoted(target)}: ${what} at this path`
}

function referencesOf({ config }: StreamSettings): readonly Reference[] {
  const { from, fallback = [] } = config
  const fallbacks = fallback.map((target) => ({ flag: 'fallback', target }) as const)
  return from === undefined || 'hub' in from ? fallbacks : [{ flag: 'from', target: from.path }, ...fallbacks]
}

/** Returns the path of the section that a path belongs to: its own, or that of a directory or a wildcard above it. */
export function entryOf(target: string, streams: readonly StreamSettings[]): string | undefined {
  if (streams.some(({ path }) => path === target)) return target
  const [longest] = streams
    .filter((stream) => isAbove(stream, target))
    .toSorted((one, other) => other.path.length - one.path.length)
  return longest?.path
}

function isAbove({ path, config }: StreamSettings, target: string): boolean {
  const hasPathsBelow = path.endsWith('*') || (path.endsWith('/') && config.path !== undefined)
  return hasPathsBelow && isBelow(path, target)
}

/** Each circle is refused once, at the stream of it that comes first in the file. */
function refuseCircles(streams: readonly StreamSettings[], sections: readonly Section[], errors: ErrorList): void {
  const next = new Map(
    streams.map((stream) => [stream.path, referencesOf(stream).map(({ target }) => entryOf(target, streams))]),
  )
  const reported = new Set<string>()
  for (const stream of streams) {
    const circle = circleFrom(stream.path, next)
    if (circle === undefined || circle.some((path) => reported.has(path))) continue
    for (const path of circle) reported.add(path)
    const [{ flag } = { flag: 'from' as const }] = referencesOf(stream)
    errors.add(refusal(stream, sections, flag, `-${flag}: a circle of streams: ${[...circle, stream.path].join(', ')}`))
  }
}

/** Returns the paths of a circle through a path; undefined: there is none. */
function circleFrom(start: string, next: ReadonlyMap<string, readonly (string | undefined)[]>): string[] | undefined {
  const seen = new Set<string>()
  const walk = (path: string): string[] | undefined => {
    for (const other of next.get(path) ?? []) {
      if (other === start) return [path]
      if (other === undefined || seen.has(other)) continue
      seen.add(other)
      const rest = walk(other)
      if (rest !== undefined) return [path, ...rest]
    }
    return undefined
  }
  return walk(start)
}

function refusal({ path, place }: StreamSettings, sections: readonly Section[], flag: string, why: string): UsageError {
  const section = sections.find((one) => one.path === path)
  const line = section?.lines.get(flag)
  const where = section === undefined || line === undefined ? place : `${section.file}:${line}`
  return new UsageError(where === undefined ? why : `${where}: ${why}`, flag, undefined)
}
