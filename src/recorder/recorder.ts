import type { FrameWatcher } from '../stream/frame-watcher.ts'
import type { Stream } from '../stream/stream.ts'
import { Cutter } from './cutter.ts'
import { reasonOf } from './disk.ts'
import { LossLog } from './loss-log.ts'
import { NamePattern } from './name-pattern.ts'
import type { Section } from './planned-file.ts'
import { SectionWriter, type WriterParts } from './section-writer.ts'
import { WallTimes } from './wall-times.ts'

/** Surroundings of a recorder. */
export interface RecorderParts extends WriterParts {
  /** Returns milliseconds since 1970. */
  readonly wallClock: () => number
}

/** State of a recording; times are in milliseconds of the clock. */
export interface Recording {
  /** Undefined: no file is open, because there are no frames or none can be written. */
  readonly file: { readonly path: string; readonly since: number; readonly bytes: number } | undefined
  /** Why files cannot be written now; undefined: they can. */
  readonly failure: string | undefined
  /** When frames were lost last; undefined: none were. */
  readonly lostAt: number | undefined
}

/** Frames are written when they have this number of bytes, or after this time in milliseconds. */
const WRITE_BYTES = 64 * 1024
const WRITE_EVERY_MS = 1_000
/** Pause after a failure, in milliseconds: it is doubled up to the maximum, which is less than a ring lasts. */
const PAUSE_MS = 1_000
const MAX_PAUSE_MS = 8_000
/** Time after which a file is complete whose name has changed without frames, in milliseconds: frames may be late. */
const LATE_MS = 5_000
/** Duration of a write after which the disk counts as hanging, in milliseconds. */
const HANGS_AFTER_MS = 10_000
const HANGS = 'the disk does not answer'
/** Maximum bytes of waiting sections, while the stream goes on and at its end. */
const MAX_HELD_BYTES = 256 * 1024
const MAX_END_BYTES = 8 * 1024 * 1024

/**
 * Records the frames of a stream: all that enter its ring, so what listeners hear. It is an ordinary reader of the ring, and never
 * holds it up: while the disk is slow it falls behind in the ring, and what the ring drops is lost.
 *
 * ```
 *   ring -> cutter: sections of files -> one write at a time -> disk
 *    ^ cursor goes back to frames that could not be written, while the ring has them
 * ```
 */
export class Recorder implements FrameWatcher {
  readonly pauseMs = WRITE_EVERY_MS
  readonly #stream: Stream
  readonly #parts: RecorderParts
  readonly #cutter: Cutter
  readonly #writer: SectionWriter
  readonly #losses: LossLog
  readonly #stopWatching: () => void
  #plan: Stream['plan']['recording']
  #failure: string | undefined
  #pauseMs = 0
  /** Time of the clock before which nothing is written after a failure. */
  #notBefore = 0
  /** Begin of the write that is under way; undefined: none is. */
  #busySince: number | undefined
  /** Sections that are waiting, because their frames leave the ring. */
  #held: Section[] = []
  #heldBytes = 0
  #work: Promise<void> = Promise.resolve()
  #cancelTimer: (() => void) | undefined
  #timerAt = 0
  #isEnding = false
  #ended: () => void = () => {}
  /** Resolves when the last file is complete. */
  readonly whenEnded: Promise<void>

  /** Records from the next frame on. The plan of the stream has a pattern. */
  constructor(stream: Stream, parts: RecorderParts) {
    this.#stream = stream
    this.#parts = parts
    this.#plan = stream.plan.recording
    this.#losses = new LossLog(stream, parts.clock)
    const times = new WallTimes(stream.timeline, parts.clock, parts.wallClock)
    const pattern = new NamePattern(this.#plan.pattern ?? '', stream.path)
    this.#writer = new SectionWriter(stream, pattern.root, parts)
    this.#cutter = new Cutter(stream, pattern, times, (loss) => this.#losses.add(loss, this.#failure))
    this.whenEnded = new Promise((resolve) => {
      this.#ended = resolve
    })
    this.#stopWatching = stream.watch(this)
  }

  /** Records no more: the stream has ended, or its plan has no pattern any more. */
  get isEnding(): boolean {
    return this.#isEnding
  }

  read(): Recording {
    return { file: this.#writer.file, failure: this.#failure, lostAt: this.#losses.lastAt }
  }

  frameCame(bytes: number): void {
    this.#cutter.cursor.frameCame(bytes)
    const { ring } = this.#stream
    // A ring of a few frames would drop them before the chunk has ended.
    if (ring.next - this.#cutter.cursor.seq >= ring.quarter && this.#heldBytes < MAX_HELD_BYTES) this.#hold()
  }

  chunkEnded(): void {
    this.#followPlan()
    this.#cutter.cursor.skipLost()
    this.#noteHanging()
    this.#schedule()
  }

  openingEnded(): void {}

  formatChanged(): void {}

  sourceRefused(): void {}

  streamFinished(): void {
    void this.end()
  }

  /** Writes what is left and completes the file; resolved then. */
  end(): Promise<void> {
    if (this.#isEnding) return this.whenEnded
    this.#isEnding = true
    this.#stopWatching()
    this.#cancelTimer?.()
    // A stream that has ended clears its ring.
    while (this.#heldBytes < MAX_END_BYTES && this.#hold());
    const end = this.#stream.ring.next
    this.#work = this.#work.then(() => this.#finish(end))
    return this.whenEnded
  }

  /** @param end number of the first frame that is not recorded */
  async #finish(end: number): Promise<void> {
    await this.#write(true)
    this.#cutter.cursor.giveUp(end)
    await this.#writer.complete()
    this.#losses.end()
    this.#ended()
  }

  #followPlan(): void {
    const { recording } = this.#stream.plan
    if (recording === this.#plan) return
    this.#plan = recording
    const { pattern } = recording
    if (pattern === this.#cutter.pattern?.text) return
    this.#cutter.usePattern(pattern === undefined ? undefined : new NamePattern(pattern, this.#stream.path))
    if (pattern === undefined) void this.end()
  }

  #hold(): boolean {
    const section = this.#cutter.take()
    if (section === undefined) return false
    this.#held.push(section)
    this.#heldBytes += section.bytes.length
    return true
  }

  #next(): Section | undefined {
    const section = this.#held.shift()
    if (section === undefined) return this.#cutter.take()
    this.#heldBytes -= section.bytes.length
    return section
  }

  /** Writes now, or sees to it that it happens in time. */
  #schedule(): void {
    if (this.#isEnding || this.#busySince !== undefined) return
    const now = this.#parts.clock.now()
    const waitingBytes = this.#cutter.cursor.waitingBytes + this.#heldBytes
    if (waitingBytes >= WRITE_BYTES && now >= this.#notBefore) return this.#start()
    if (waitingBytes === 0 && this.#writer.file === undefined) return
    this.#startAt(Math.max(now + (waitingBytes > 0 ? WRITE_EVERY_MS : LATE_MS), this.#notBefore))
  }

  /** Starts to write at a time of the clock, or before. */
  #startAt(at: number): void {
    const { clock } = this.#parts
    if (this.#cancelTimer !== undefined && this.#timerAt <= at) return
    this.#cancelTimer?.()
    this.#timerAt = at
    this.#cancelTimer = clock.after(at - clock.now(), () => {
      if (this.#busySince === undefined) this.#start()
    })
  }

  #start(): void {
    this.#cancelTimer?.()
    this.#cancelTimer = undefined
    this.#busySince = this.#parts.clock.now()
    this.#work = this.#work.then(() => this.#write(false)).then(() => this.#rest())
  }

  /** Writes all frames that are in the ring now. Never rejects. */
  async #write(isLast: boolean): Promise<void> {
    const { ring } = this.#stream
    const end = ring.next
    while (this.#held.length > 0 || this.#cutter.cursor.seq < end) {
      const section = this.#next()
      if (section === undefined) break
      if (!(await this.#writeSection(section))) return
    }
    if (!isLast && this.#cutter.isOutdated(this.#parts.clock.now() - LATE_MS)) {
      this.#cutter.endFile()
      await this.#writer.complete()
    }
  }

  #rest(): void {
    this.#busySince = undefined
    this.#schedule()
  }

  /** @returns whether it was written */
  async #writeSection(section: Section): Promise<boolean> {
    this.#busySince = this.#parts.clock.now()
    try {
      await this.#writer.write(section)
    } catch (error) {
      await this.#failed(error, section)
      return false
    }
    this.#succeeded()
    return true
  }

  #succeeded(): void {
    this.#pauseMs = 0
    if (this.#failure !== undefined) this.#stream.log.info('recording resumed', { file: this.#writer.file?.path })
    this.#failure = undefined
  }

  #noteHanging(): void {
    const { clock } = this.#parts
    if (this.#busySince === undefined || clock.now() - this.#busySince < HANGS_AFTER_MS) return
    this.#noteFailure(HANGS, this.#writer.file?.path)
  }

  /** Logs each kind of failure once, until files can be written again. */
  #noteFailure(reason: string, file: string | undefined): void {
    if (this.#failure !== reason) this.#stream.log.warn('recording failed', { file, reason })
    this.#failure = reason
  }

  async #failed(error: unknown, section: Section): Promise<void> {
    this.#stream.counters.recordingFailures++
    this.#noteFailure(reasonOf(error), this.#writer.file?.path ?? section.file.name + section.file.extension)
    this.#cutter.untake([section, ...this.#held.splice(0)])
    this.#heldBytes = 0
    await this.#writer.complete()
    this.#pauseMs = Math.min(MAX_PAUSE_MS, Math.max(PAUSE_MS, this.#pauseMs * 2))
    this.#notBefore = this.#parts.clock.now() + this.#pauseMs
  }
}
