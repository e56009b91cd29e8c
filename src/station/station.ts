import type { StreamPlan } from '../plan/stream-plan.ts'
import type { Stream } from '../stream/stream.ts'

/** The map from URL path to stream. */
export interface Station {
  /** Returns the stream at a decoded URL path such as `/` or `/cd`; undefined when there is none. */
  find(path: string): Promise<Stream | undefined>
  /** Returns the current streams. */
  streams(): Iterable<Stream>
}

/** The streams of one section: a single stream, or those below a path. */
export interface Entry extends Station {
  readonly plan: StreamPlan
  /** Returns the paths of its streams, also of those that are made on request. */
  paths(): Promise<readonly string[]>
  /** Applies options that change while the streams go on. */
  change(plan: StreamPlan): void
  /** Disconnects the listeners and closes the sources; resolved when they are closed. @param reason in one line */
  end(reason: string): Promise<void>
}

/**
 * The configured streams, by path. A path is looked up among the streams first, then in directories, the longest path first, and
 * then among the published streams.
 */
export class Registry implements Station {
  readonly #entries = new Map<string, Entry>()
  #published: Station | undefined

  /** Adds the station of published streams; its paths are looked up last. */
  publishWith(published: Station): void {
    this.#published = published
  }

  /** Returns the entry of a section. @param path of the section */
  get(path: string): Entry | undefined {
    return this.#entries.get(path)
  }

  /** Adds an entry, or replaces the one at its path. @returns the replaced entry, which is to be ended */
  set(entry: Entry): Entry | undefined {
    const replaced = this.#entries.get(entry.plan.path)
    this.#entries.set(entry.plan.path, entry)
    return replaced
  }

  /** Removes an entry. @returns the entry, which is to be ended */
  remove(path: string): Entry | undefined {
    const removed = this.#entries.get(path)
    this.#entries.delete(path)
    return removed
  }

  /** The configured entries, in the order in which they were added. */
  entries(): Iterable<Entry> {
    return this.#entries.values()
  }

  async find(path: string): Promise<Stream | undefined> {
    const configured = await this.findConfigured(path)
    return configured ?? this.#published?.find(path)
  }

  /** Returns the stream at a path, published streams left out. */
  async findConfigured(path: string): Promise<Stream | undefined> {
    const found = await this.#entries.get(path)?.find(path)
    if (found !== undefined) return found
    for (let at = path.lastIndexOf('/'); at >= 0; at = at === 0 ? -1 : path.lastIndexOf('/', at - 1)) {
      const directory = path.slice(0, at + 1)
      const entry = directory === path ? undefined : this.#above(directory)
      const inDirectory = await entry?.find(path)
      if (inDirectory !== undefined) return inDirectory
    }
    return undefined
  }

  /** Returns the entry of all paths below a directory; undefined when there is none. */
  #above(directory: string): Entry | undefined {
    return this.#entries.get(directory) ?? this.#entries.get(`${directory}*`)
  }

  /** Returns the paths of the configured streams. */
  async paths(): Promise<readonly string[]> {
    return (await Promise.all(Array.from(this.#entries.values(), (entry) => entry.paths()))).flat()
  }

  *streams(): Iterable<Stream> {
    for (const entry of this.#entries.values()) yield* entry.streams()
    if (this.#published !== undefined) yield* this.#published.streams()
  }
}
