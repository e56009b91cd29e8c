import { lstat, readdir } from 'node:fs/promises'
import { join } from 'node:path'
import type { StreamPlan } from '../plan/stream-plan.ts'
import { createFifoSource } from '../source/pipe/fifo.ts'
import type { Source } from '../source/source.ts'
import type { Stream } from '../stream/stream.ts'
import type { Clock } from '../system/clock.ts'
import { systemPath } from '../text/byte-path.ts'
import type { Entry } from './station.ts'

/** Interval of checks for streams that are not needed any more, in milliseconds. */
const CHECK_EVERY_MS = 5_000

/** Creates a stream of a source at a path. */
type CreateStream = (plan: StreamPlan, source: Source) => Stream

/**
 * The FIFOs of a directory: `/towers/north` is the FIFO `north` in the directory of `[/towers/]`; other paths have no stream. A
 * stream that has ended, or whose FIFO is gone, is removed after its last listener has disconnected, which frees its memory and
 * descriptors.
 */
export class Directory implements Entry {
  readonly #directory: string
  readonly #create: CreateStream
  readonly #forget: () => void
  readonly #clock: Clock
  readonly #streams = new Map<string, Stream>()
  #plan: StreamPlan
  #isChecking = false
  #isEnded = false

  /** @param forget releases what belongs to all streams, such as their title file */
  constructor(plan: StreamPlan, directory: string, create: CreateStream, forget: () => void, clock: Clock) {
    this.#plan = plan
    this.#directory = directory
    this.#create = create
    this.#forget = forget
    this.#clock = clock
  }

  get plan(): StreamPlan {
    return this.#plan
  }

  streams(): Iterable<Stream> {
    return this.#streams.values()
  }

  async paths(): Promise<readonly string[]> {
    const entries = await readdir(systemPath(this.#directory), { withFileTypes: true }).catch(() => [])
    const names = entries.filter((entry) => entry.isFIFO()).map(({ name }) => name)
    return names.toSorted().map((name) => `${this.#plan.path}${name}`)
  }

  change(plan: StreamPlan): void {
    this.#plan = plan
    for (const stream of this.#streams.values()) stream.change({ ...plan, path: stream.path })
  }

  async end(reason: string): Promise<void> {
    this.#isEnded = true
    this.#forget()
    await Promise.all(Array.from(this.#streams, ([name, stream]) => this.#remove(name, stream, reason)))
  }

  async find(path: string): Promise<Stream | undefined> {
    const name = this.#nameIn(path)
    if (name === undefined) return undefined
    const isThere = await isFifo(this.#fileOf(name))
    const known = this.#streams.get(name)
    const isLive = known !== undefined && !known.isFinished
    if (isLive && (isThere || known.isWanted)) return known
    // The name is free at once, so that simultaneous requests get the same stream.
    const removed = known?.isWanted === false ? this.#remove(name, known, FIFO_GONE) : undefined
    if (!isThere || this.#isEnded) {
      await removed
      return undefined
    }
    const stream = this.#create({ ...this.#plan, path }, createFifoSource(this.#fileOf(name), 'refused', this.#clock))
    this.#streams.set(name, stream)
    this.#checkLater()
    return stream
  }

  /** Returns the name of the FIFO of a path; undefined when the path is not directly in the directory. */
  #nameIn(path: string): string | undefined {
    const { path: prefix } = this.#plan
    const name = path.startsWith(prefix) ? path.slice(prefix.length) : ''
    return name === '' || name === '.' || name === '..' || /[/\0]/.test(name) ? undefined : name
  }

  #fileOf(name: string): string {
    return join(this.#directory, name)
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
      const isNeeded = !stream.isFinished && (await isFifo(this.#fileOf(name)))
      if (!isNeeded && !stream.isWanted) await this.#remove(name, stream, FIFO_GONE)
    }
    this.#isChecking = false
    if (this.#streams.size > 0) this.#checkLater()
  }
}

const FIFO_GONE = 'FIFO removed'

/** A link might lead out of the directory, so it is not followed. */
async function isFifo(file: string): Promise<boolean> {
  const entry = await lstat(systemPath(file)).catch(() => undefined)
  return entry?.isFIFO() === true
}
