import type { FrameWatcher } from '../stream/frame-watcher.ts'
import type { Stream } from '../stream/stream.ts'
import type { Runtime } from '../system/runtime.ts'
import { Cutter } from './cutter.ts'
import { type Disk, reasonOf } from './disk.ts'
import { LossLog } from './loss-log.ts'
import { NamePattern } from './name-pattern.ts'
import type { Section } from './planned-file.ts'
import { RecordedFile } from './recorded-file.ts'
import type { Turns } from './turns.ts'
import { WallTimes } from './wall-times.ts'

/** Surroundings of a recorder. */
export interface RecorderParts extends Runtime {
  readonly disk: Disk
  readonly turns: Turns
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
/** Interval in which a file is checked to be the one at its path, in milliseconds. */
const CHECK_EVERY_MS = 5_000
/** Time after which a file is complete whose name has changed without frames, in milliseconds: frames may be late. */
const LATE_MS = 5_000
/** Duration of a write after which the disk counts as hanging, in milliseconds. */
const HANGS_AFTER_MS = 10_000
const HANGS = 'the disk does not answer'
/** Maximum bytes of waiting sections, while the stream goes on and at its end. */
const MAX_HELD_BYTES = 256 * 1024
const MAX_END_BYTES = 8 * 1024 * 1024
/** Extensions that are as right as that of the format. */
const ALIKE: Readonly<Record<string, readonly string[]>> = {
  '.ogg': ['.oga', '.opus'],
  '.opus': ['.ogg', '.oga'],
  '.oga': ['.ogg', '.opus'],
  '.mp3': ['.mp2', '.mpga'],
  '.aac': ['.adts'],
  '.wav': ['.wave'],
}

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
  readonly #losses: LossLog
  readonly #stopWatching: () => void
  #plan: Stream['plan']['recording']
  #file: RecordedFile | undefined
  #fileSince = 0
  #checkedAt = 0
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
  #warnedOf = ''
  /** The part of the pattern that is the same for all files; see `Turns`. */
  readonly #folder: string
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
    this.#folder = pattern.root
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
    const file = this.#file && { path: this.#file.path, since: this.#fileSince, bytes: this.#file.bytes }
    return { file, failure: this.#failure, lostAt: this.#losses.lastAt }
  }

  frameCame(bytes: number): void {
    this.#cutter.frameCame(bytes)
    const { ring } = this.#stream
    // A ring of a few frames would drop them before the chunk has ended.
    if (ring.next - this.#cutter.cursor >= ring.quarter && this.#heldBytes < MAX_HELD_BYTES) this.#hold()
  }

  chunkEnded(): void {
    this.#followPlan()
    this.#cutter.skipLost()
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
    this.#work = this.#work.then(() => this.#finish())
    return this.whenEnded
  }

  async #finish(): Promise<void> {
    await this.#write(true)
    await this.#completeFile()
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
    const waitingBytes = this.#cutter.waitingBytes + this.#heldBytes
    if (waitingBytes >= WRITE_BYTES && now >= this.#notBefore) return this.#start()
    if (waitingBytes === 0 && this.#file === undefined) return
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
    while (this.#held.length > 0 || this.#cutter.cursor < end) {
      const section = this.#next()
      if (section === undefined) break
      if (!(await this.#writeSection(section))) return
    }
    if (!isLast && this.#cutter.isOutdated(this.#parts.clock.now() - LATE_MS)) {
      this.#cutter.endFile()
      await this.#completeFile()
    }
  }

  #rest(): void {
    this.#busySince = undefined
    this.#schedule()
  }

  /** @returns whether it was written */
  async #writeSection(section: Section): Promise<boolean> {
    const { file: plan } = section
    this.#busySince = this.#parts.clock.now()
    try {
      if (this.#file?.plan !== plan) await this.#completeFile()
      await this.#parts.turns.run(this.#folder, async () => {
        this.#file ??= await this.#create(section)
        await this.#check(this.#file)
        await this.#file.append(section)
      })
    } catch (error) {
      await this.#failed(error, section)
      return false
    }
    this.#succeeded(section)
    return true
  }

  async #create({ file: plan }: Section): Promise<RecordedFile> {
    const file = await RecordedFile.create(plan, this.#parts.disk)
    const { clock } = this.#parts
    this.#fileSince = clock.now()
    this.#checkedAt = clock.now()
    return file
  }

  async #check(file: RecordedFile): Promise<void> {
    const now = this.#parts.clock.now()
    if (now - this.#checkedAt < CHECK_EVERY_MS) return
    this.#checkedAt = now
    await file.check()
  }

  #succeeded({ file, bytes }: Section): void {
    const { counters, log } = this.#stream
    counters.recordedBytes += bytes.length
    this.#pauseMs = 0
    if (this.#failure !== undefined) log.info('recording resumed', { file: this.#file?.path })
    this.#failure = undefined
    this.#warnOfExtension(file.extension, file.content.extension)
  }

  #noteHanging(): void {
    const { clock } = this.#parts
    if (this.#busySince === undefined || clock.now() - this.#busySince < HANGS_AFTER_MS) return
    this.#noteFailure(HANGS, this.#file?.path)
  }

  /** Logs each kind of failure once, until files can be written again. */
  #noteFailure(reason: string, file: string | undefined): void {
    if (this.#failure !== reason) this.#stream.log.warn('recording failed', { file, reason })
    this.#failure = reason
  }

  async #failed(error: unknown, section: Section): Promise<void> {
    this.#stream.counters.recordingFailures++
    this.#noteFailure(reasonOf(error), this.#file?.path ?? section.file.name + section.file.extension)
    this.#cutter.untake([section, ...this.#held.splice(0)])
    this.#heldBytes = 0
    await this.#completeFile()
    this.#pauseMs = Math.min(MAX_PAUSE_MS, Math.max(PAUSE_MS, this.#pauseMs * 2))
    this.#notBefore = this.#parts.clock.now() + this.#pauseMs
  }

  /** Completes the file, if one is open. Never rejects. */
  async #completeFile(): Promise<void> {
    const file = this.#file
    if (file === undefined) return
    this.#file = undefined
    const { events, log, counters } = this.#stream
    try {
      await this.#parts.turns.run(this.#folder, () => file.complete())
    } catch (error) {
      counters.recordingFailures++
      log.debug('recording not completed', { file: file.path, reason: reasonOf(error) })
    }
    if (!file.hasFrames) return
    counters.recordedFiles++
    events.emit({ kind: 'file recorded', file: file.path, bytes: file.bytes, ms: file.ms })
  }

  #warnOfExtension(used: string, right: string): void {
    const lower = used.toLowerCase()
    if (lower === right || ALIKE[right]?.includes(lower) || this.#warnedOf === right) return
    this.#warnedOf = right
    this.#stream.log.warn('recording has the extension of another format', { extension: used, format: right })
  }
}
