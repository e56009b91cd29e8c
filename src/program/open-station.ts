import type { ProgramPlan } from '../plan/program-plan.ts'
import type { StreamPlan } from '../plan/stream-plan.ts'
import { SourceError } from '../source/source.ts'
import type { Entry, Registry } from '../station/station.ts'
import type { OpenEntry, StreamParts } from './open-entry.ts'
import { unavailableEntry } from './unavailable.ts'

const CHANGED = 'configuration changed'
const REMOVED = 'stream removed from the configuration'

/** Opens, replaces and removes the configured streams of a registry. */
export class StationOpener {
  readonly #registry: Registry
  readonly #open: OpenEntry
  readonly #parts: StreamParts
  #opened: (entry: Entry) => void = () => {}

  constructor(registry: Registry, open: OpenEntry, parts: StreamParts) {
    this.#registry = registry
    this.#open = open
    this.#parts = parts
  }

  /** Calls a function with every entry of the registry, and with each later one once it has taken its place. */
  follow(opened: (entry: Entry) => void): void {
    this.#opened = opened
    for (const entry of this.#registry.entries()) opened(entry)
  }

  /**
   * Opens streams; all are made before the first one takes its place. Those at the same paths are ended.
   * @param isStation a source that cannot be created makes its own stream unavailable, instead of failing
   * @throws FilterLoadError, SourceError or UsageError; the registry is unchanged then
   */
  async open(plans: readonly StreamPlan[], isStation: ProgramPlan['isStation']): Promise<void> {
    const entries: Entry[] = []
    for (const plan of plans) entries.push(await (isStation ? this.#openOrRetry(plan) : this.#open(plan)))
    const replaced = entries.flatMap((entry) => this.#registry.set(entry) ?? [])
    await Promise.all(replaced.map((entry) => entry.end(CHANGED)))
    for (const entry of entries) this.#opened(entry)
  }

  /** Removes streams; resolved when their sources are closed. */
  async remove(paths: readonly string[]): Promise<void> {
    const removed = paths.flatMap((path) => this.#registry.remove(path) ?? [])
    await Promise.all(removed.map((entry) => entry.end(REMOVED)))
  }

  async #openOrRetry(plan: StreamPlan): Promise<Entry> {
    try {
      return await this.#open(plan)
    } catch (error) {
      if (!(error instanceof SourceError)) throw error
      const { log } = this.#parts
      log.error('stream not available', { stream: plan.path, place: plan.place, error: error.message })
      return unavailableEntry(plan, this.#open, this.#registry, (entry) => this.#opened(entry), this.#parts)
    }
  }
}
