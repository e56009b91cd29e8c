import type { Stream } from '../stream/stream.ts'
import type { Clock } from '../system/clock.ts'
import type { AnnouncedStream } from './announced-streams.ts'
import { DirectoryEntry } from './directory-entry.ts'
import { addForm, type DirectoryForm } from './directory-forms.ts'

/** Time for which a stream may be without sound before its entries are removed, in milliseconds. */
const OFF_AIR_MS = 60_000

/** The entries of all public streams in all directories. */
export class Directories {
  readonly #urls: readonly string[]
  readonly #publicUrl: string
  readonly #clock: Clock
  readonly #entries = new Map<Stream, readonly DirectoryEntry[]>()

  /** @param urls of the directories. @param publicUrl address of the program for listeners */
  constructor(urls: readonly string[], publicUrl: string, clock: Clock) {
    this.#urls = urls
    this.#publicUrl = publicUrl
    this.#clock = clock
  }

  /** Adds streams that are new, removes those that have left, and renews the description of those that have another. */
  async update(streams: readonly AnnouncedStream[]): Promise<void> {
    const wanted = new Map(streams.flatMap(({ stream }) => this.#wanted(stream)))
    const isOld = (entry: DirectoryEntry) => !isSame(entry.form, wanted.get(entry.stream))
    const old = [...this.#entries].filter(([, [first]]) => first === undefined || isOld(first))
    for (const [stream] of old) this.#entries.delete(stream)
    await Promise.all(old.flatMap(([, entries]) => entries).map((entry) => entry.end()))
    for (const [stream, form] of wanted) {
      if (this.#entries.has(stream)) continue
      const entries = this.#urls.map((url) => new DirectoryEntry(url, stream, form, this.#clock))
      this.#entries.set(stream, entries)
    }
  }

  /** Sends a new title soon. */
  titleChanged(stream: Stream): void {
    for (const entry of this.#entries.get(stream) ?? []) entry.touchSoon()
  }

  /** Removes all entries; resolved after a short time at the latest. */
  async end(): Promise<void> {
    const all = [...this.#entries.values()].flat()
    this.#entries.clear()
    await Promise.all(all.map((entry) => entry.end()))
  }

  #wanted(stream: Stream | undefined): readonly [Stream, DirectoryForm][] {
    const form = stream && this.#isAvailable(stream) ? addForm(stream, this.#publicUrl) : undefined
    return stream === undefined || form === undefined ? [] : [[stream, form]]
  }

  /** A source that opens for the first listener is available; one that is away is so for a minute. */
  #isAvailable(stream: Stream): boolean {
    const { isFinished, fallback, sourceState } = stream
    const { kind, since } = sourceState
    if (isFinished || kind === 'ended') return false
    const isAway = kind === 'waiting' || kind === 'retrying'
    return !isAway || fallback !== undefined || (this.#entries.has(stream) && this.#clock.now() - since < OFF_AIR_MS)
  }
}

function isSame(one: DirectoryForm, other: DirectoryForm | undefined): boolean {
  return JSON.stringify(one) === JSON.stringify(other)
}
