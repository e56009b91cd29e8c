import { lstat, readdir, rmdir, unlink } from 'node:fs/promises'
import { basename, join } from 'node:path'
import type { StreamPlan } from '../plan/stream-plan.ts'
import type { Runtime } from '../system/runtime.ts'
import { codeOf, reasonOf } from './disk.ts'
import { NameMatcher } from './name-matcher.ts'
import type { Turns } from './turns.ts'

/** Interval of the search for old files, in milliseconds. */
const EVERY_MS = 3_600_000

/** Surroundings of the retention. */
export interface RetentionParts extends Runtime {
  readonly turns: Turns
  /** Returns milliseconds since 1970. */
  readonly wallClock: () => number
  /** Returns the plans of all streams, with those of wildcards and directories. */
  readonly plans: () => readonly StreamPlan[]
  /** Returns whether a path is that of a file that is being written. */
  readonly isOpen: (path: string) => boolean
}

/** Names of recordings, and the age at which they are deleted, in milliseconds; undefined: never. */
interface Rule {
  readonly matcher: NameMatcher
  readonly keepMs: number | undefined
}

/** Deletes recordings that are older than `-record-keep`. */
export class Retention {
  readonly #parts: RetentionParts
  #searches: Promise<void> = Promise.resolve()
  #cancel: (() => void) | undefined
  readonly #ending = new AbortController()

  constructor(parts: RetentionParts) {
    this.#parts = parts
  }

  /** Deletes what is too old, now and every hour; called again when plans have changed. */
  start(): void {
    this.#cancel?.()
    this.#searches = this.#searches.then(() => this.#search())
    this.#cancel = this.#parts.clock.after(EVERY_MS, () => this.start())
  }

  /** Resolves when the searches that have begun are over. */
  get searched(): Promise<void> {
    return this.#searches
  }

  /** Ends the search that is under way; resolved then. */
  end(): Promise<void> {
    this.#ending.abort()
    this.#cancel?.()
    return this.#searches
  }

  /** Never rejects. */
  async #search(): Promise<void> {
    const { log, plans } = this.#parts
    const rules = plans().flatMap(ruleOf)
    const roots = new Set(rules.flatMap(({ matcher, keepMs }) => (keepMs === undefined ? [] : [matcher.root])))
    for (const root of roots) {
      const search = new Search(root, rules, this.#parts, this.#ending.signal)
      try {
        await search.run()
      } catch (error) {
        if (codeOf(error) !== 'ENOENT')
          log.warn('old recordings not deleted', { folder: root, reason: reasonOf(error) })
      }
      const { files, bytes } = search
      if (files > 0) log.info('old recordings deleted', { folder: root, files, bytes })
    }
  }
}

/** One search in a folder and those below it. Links are not followed. */
class Search {
  files = 0
  bytes = 0
  readonly #root: string
  readonly #rules: readonly Rule[]
  readonly #parts: RetentionParts
  readonly #signal: AbortSignal

  constructor(root: string, rules: readonly Rule[], parts: RetentionParts, signal: AbortSignal) {
    this.#root = root
    this.#rules = rules
    this.#parts = parts
    this.#signal = signal
  }

  async run(): Promise<void> {
    await this.#inFolder(this.#root)
  }

  /** @returns whether the folder has become empty */
  async #inFolder(folder: string): Promise<boolean> {
    const entries = await this.#inTurn(() => readdir(folder, { withFileTypes: true }))
    let left = entries.length
    /** Sound files that stay, with and without their extension. */
    const kept = new Set<string>()
    const sheets: string[] = []
    for (const entry of entries) {
      const path = join(folder, entry.name)
      if (this.#signal.aborted) return false
      if (entry.isDirectory()) left -= (await this.#folderIsGone(path)) ? 1 : 0
      else if (!entry.isFile()) continue
      else if (this.#rules.some(({ matcher }) => matcher.cueStemOf(path) !== undefined)) sheets.push(path)
      else if (await this.#fileIsGone(path)) left--
      else for (const { matcher } of this.#rules) kept.add(matcher.stemOf(path) ?? '').add(entry.name)
    }
    for (const path of sheets) if (!this.#hasSound(path, kept) && (await this.#fileIsGone(path))) left--
    return left === 0 && entries.length > 0
  }

  async #folderIsGone(path: string): Promise<boolean> {
    if (!this.#rules.some(({ matcher, keepMs }) => keepMs !== undefined && matcher.hasFolder(path))) return false
    if (!(await this.#inFolder(path))) return false
    return this.#inTurn(() => rmdir(path)).then(
      () => true,
      // A file of now is in it.
      () => false,
    )
  }

  async #fileIsGone(path: string): Promise<boolean> {
    const keepMs = this.#keepMsOf(path)
    if (keepMs === undefined || this.#parts.isOpen(path)) return false
    return this.#inTurn(async () => {
      const { mtimeMs, size } = await lstat(path)
      if (this.#parts.wallClock() - mtimeMs <= keepMs) return false
      await unlink(path)
      this.files++
      this.bytes += size
      return true
    })
  }

  #hasSound(sheet: string, kept: ReadonlySet<string>): boolean {
    return this.#rules.some(({ matcher }) => kept.has(matcher.cueStemOf(sheet) ?? basename(sheet)))
  }

  /** Returns the greatest age by the rules that a file matches; undefined: it matches none. */
  #keepMsOf(path: string): number | undefined {
    const ages = this.#rules.flatMap(({ matcher, keepMs }) =>
      matcher.hasFile(path) ? [keepMs ?? Number.POSITIVE_INFINITY] : [],
    )
    return ages.length === 0 ? undefined : Math.max(...ages)
  }

  #inTurn<T>(operation: () => Promise<T>): Promise<T> {
    return this.#parts.turns.run(this.#root, operation)
  }
}

function ruleOf({ path, recording: { pattern, keepMs } }: StreamPlan): Rule[] {
  return pattern === undefined ? [] : [{ matcher: new NameMatcher(pattern, path), keepMs }]
}
