import type { SourcePlan, StreamPlan } from '../plan/stream-plan.ts'
import type { Source } from '../source/source.ts'
import type { Stream } from '../stream/stream.ts'
import type { Clock } from '../system/clock.ts'
import type { Entry } from './station.ts'

/** Interval of checks for streams that are not needed any more, in milliseconds. */
const CHECK_EVERY_MS = 5_000

/** Creates a stream of a source at a path. */
type CreateStream = (plan: StreamPlan, source: Source) => Stream

/** What there is below a path, by name. */
export interface Names {
  /** Returns all names. */
  all(): Promise<readonly string[]>
  has(name: string): Promise<boolean>
  /** Makes a source of a name that there is. */
  source(name: string): Source
  /** Returns the plan of that source; undefined: it is that of the section. */
  sourcePlan?(name: string): SourcePlan
  /** Why a stream is removed whose name is not there any more, in one line. */
  readonly whenGone: string
  /** Calls an observer when names have come or gone; undefined: that is not known. @returns removes it */
  follow?(changed: () => void): () => void
}

/**
 * The streams below a path, which come and go: `/towers/north` is what is called `north`; other paths have no stream. Each is made
 * for its first listener; with `warm`, as soon as there is its name. A stream that has ended, or whose name is gone, is removed after
 * its last listener has disconnected, which frees its memory and descriptors.
 */
export class StreamsBelow implements Entry {
  readonly #prefix: string
  readonly #names: Names
  readonly #create: CreateStream
  readonly #isElsewhere: (path: string) => boolean
  readonly #forget: () => void
  readonly #clock: Clock
  readonly #streams = new Map<string, Stream>()
  #plan: StreamPlan
  #isChecking = false
  #isEnded = false

  /**
   * @param isElsewhere whether a path has a section of its own
   * @param forget releases what belongs to all streams, such as their title file
   */
  constructor(
    plan: StreamPlan,
    names: Names,
    create: CreateStream,
    isElsewhere: (path: string) => boolean,
    forget: () => void,
    clock: Clock,
  ) {
    this.#plan = plan
    this.#prefix = plan.path.replace(/\*$/, '')
    this.#names = names
    this.#create = create
    this.#isElsewhere = isElsewhere
    this.#clock = clock
    const unfollow = names.follow?.(() => void this.#open())
    this.#forget = () => {
      forget()
      unfollow?.()
    }
    void this.#open()
  }

  get plan(): StreamPlan {
    return this.#plan
  }

  streams(): Iterable<Stream> {
    return this.#streams.values()
  }

  async paths(): Promise<readonly string[]> {
    const all = (await this.#names.all()).toSorted().map((name) => `${this.#prefix}${name}`)
    return all.filter((path) => !this.#isElsewhere(path))
  }

  change(plan: StreamPlan): void {
    this.#plan = plan
    for (const [name, stream] of this.#streams) stream.change(this.#planOf(name))
  }

  async end(reason: string): Promise<void> {
    this.#isEnded = true
    this.#forget()
    await Promise.all(Array.from(this.#streams, ([name, stream]) => this.#remove(name, stream, reason)))
  }

  async find(path: string): Promise<Stream | undefined> {
    const name = path.startsWith(this.#prefix) ? path.slice(this.#prefix.length) : ''
    if (name === '') return undefined
    const isThere = await this.#names.has(name)
    const known = this.#streams.get(name)
    const isLive = known !== undefined && !known.isFinished
    if (isLive && (isThere || known.isWanted)) return known
    // The name is free at once, so that simultaneous requests get the same stream.
    const removed = known?.isWanted === false ? this.#remove(name, known, this.#names.whenGone) : undefined
    if (!isThere || this.#isEnded) {
      await removed
      return undefined
    }
    const stream = this.#create(this.#planOf(name), this.#names.source(name))
    this.#streams.set(name, stream)
    this.#checkLater()
    return stream
  }

  #planOf(name: string): StreamPlan {
    const plan = { ...this.#plan, path: `${this.#prefix}${name}` }
    const source = this.#names.sourcePlan?.(name)
    return source === undefined ? plan : { ...plan, sources: [source] }
  }

  /** Opens all streams that are to be kept warm. */
  async #open(): Promise<void> {
    if (!this.#plan.supervision.warm) return
    for (const path of await this.paths()) (await this.find(path))?.start()
  }

  async #remove(name: string, stream: Stream, reason: string): Promise<void> {
    if (this.#streams.get(name) === stream) this.#streams.delete(name)
    await stream.stop(reason)
    if (!stream.isFinished) stream.finish(undefined)
  }

  #checkLater(): void {
    if (this.#isChecking) return
    this.#isChecking = true
    this.#clock.after(CHECK_EVERY_MS, () => void this.#check())
  }

  async #check(): Promise<void> {
    for (const [name, stream] of this.#streams) {
      const isNeeded = !stream.isFinished && (await this.#names.has(name))
      if (!isNeeded && !stream.isWanted) await this.#remove(name, stream, this.#names.whenGone)
    }
    this.#isChecking = false
    if (this.#streams.size > 0) this.#checkLater()
  }
}
