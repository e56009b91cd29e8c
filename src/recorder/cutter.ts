import { createFrameFile } from '../../filters/create-frame-file.ts'
import type { FilePlace } from '../../filters/frame-file.ts'
import type { Epoch } from '../stream/epoch.ts'
import { samplesOf } from '../stream/samples-of.ts'
import type { Stream } from '../stream/stream.ts'
import type { NamePattern } from './name-pattern.ts'
import { PlannedFile, type Section } from './planned-file.ts'
import { WallTimes } from './wall-times.ts'

/** Frames that the ring has dropped before they were recorded. */
export interface Loss {
  readonly frames: number
  readonly bytes: number
  /** In milliseconds of sound; 0: it is unknown. */
  readonly ms: number
}

/** A pattern of names, from one frame on; undefined: nothing is recorded. */
interface PatternFrom {
  readonly from: number
  readonly pattern: NamePattern | undefined
}

/** Duration of the shortest file, in milliseconds, whatever titles do. Names by time change once a second at most. */
const SHORTEST_MS = 500
/** Number of bytes of a section, unless one frame has more. */
const MAX_BYTES = 256 * 1024
const NOTHING = Buffer.alloc(0)

/**
 * Cuts the frames of a stream into files. It reads the ring with a cursor of its own:
 *
 * ```
 *   ring      [ ][ ][ ][ ][ ][ ][ ][ ][ ][ ]
 *                  ^cursor     ^10:00:00     ^next
 *   sections       '--09.mp3--''--10.mp3--'
 * ```
 *
 * A section ends where the name may change, the title changes or an epoch ends.
 */
export class Cutter {
  readonly #stream: Stream
  readonly #lost: (loss: Loss) => void
  readonly #times: WallTimes
  #cursor: number
  /** Position of the frame at the cursor, in microseconds of sound. */
  #cursorUs: number
  /** Bytes from the cursor to the end of the ring. */
  #waitingBytes = 0
  /** First frame that is missing before the one at the cursor; undefined: none is. */
  #missedFrom: number | undefined
  #patterns: readonly PatternFrom[]
  /** The file of the last section; undefined: the next one begins a file. */
  #file: PlannedFile | undefined

  /** Begins with the next frame. @param lost called with frames that are lost */
  constructor(stream: Stream, pattern: NamePattern, times: WallTimes, lost: (loss: Loss) => void) {
    this.#stream = stream
    this.#lost = lost
    this.#times = times
    this.#cursor = stream.ring.next
    this.#cursorUs = stream.timeline.us
    this.#patterns = [{ from: this.#cursor, pattern }]
  }

  /** The pattern of the newest frames; undefined: they are not recorded. */
  get pattern(): NamePattern | undefined {
    return this.#patterns.at(-1)?.pattern
  }

  /** Bytes of the frames that are not in a section yet. */
  get waitingBytes(): number {
    return this.#waitingBytes
  }

  /** Number of the frame that the next section begins with. */
  get cursor(): number {
    return this.#cursor
  }

  /** Hot path: a frame of `bytes` bytes is in the ring. */
  frameCame(bytes: number): void {
    this.#waitingBytes += bytes
  }

  /** Uses another pattern from the next frame on; undefined: nothing is recorded then. */
  usePattern(pattern: NamePattern | undefined): void {
    this.#patterns = [...this.#patterns, { from: this.#stream.ring.next, pattern }]
  }

  /** Counts frames that have left the ring as lost, and goes on where catching up does not lose more at once. */
  skipLost(): void {
    const { first, next } = this.#stream.ring
    if (this.#cursor < first) this.#lose(first + ((next - first) >> 1))
  }

  /** Returns the next frames; undefined: there are none. */
  take(): Section | undefined {
    this.skipLost()
    const { ring, epochs } = this.#stream
    while (this.#cursor < ring.next) {
      const pattern = this.#patternNow()
      const epoch = epochs.at(this.#cursor)
      if (pattern === undefined || epoch === undefined) {
        this.#file = undefined
        this.#goTo(this.#patterns[1]?.from ?? ring.next)
        continue
      }
      const section = this.#takeOf(pattern, epoch)
      if (section !== undefined) return section
    }
    return undefined
  }

  /** Sections were not written: the cursor goes back to their frames, if these are still there, for another file. */
  untake(sections: readonly Section[]): void {
    this.#file = undefined
    const [first, last] = [sections[0], sections.at(-1)]
    if (first === undefined || last === undefined) return
    if (this.#cursor === last.to && first.from >= this.#stream.ring.first) return this.#goTo(first.from)
    const sum = (read: (section: Section) => number) => sections.reduce((total, one) => total + read(one), 0)
    const ms = sum(({ us }) => us) / 1000
    this.#lost({ frames: sum(({ from, to }) => to - from), bytes: sum(({ ringBytes }) => ringBytes), ms })
  }

  /** Ends the file; the next frame begins another. */
  endFile(): void {
    this.#file = undefined
  }

  /** Whether the file has ended before this time, and its name too. @param at in milliseconds of the clock */
  isOutdated(at: number): boolean {
    const { pattern } = this
    const file = this.#file
    if (file === undefined || pattern === undefined) return false
    const wallMs = this.#times.wallOf(at)
    if (wallMs <= file.endsAt) return false
    return pattern.nameAt(wallMs, this.#stream.titles.newest?.text ?? '') !== file.name
  }

  #takeOf(pattern: NamePattern, epoch: Epoch): Section | undefined {
    const { titles } = this.#stream
    const wallMs = this.#times.ofFrame(this.#cursor)
    const title = titles.at(this.#cursor)?.text ?? ''
    const name = pattern.nameAt(wallMs, title)
    const before = this.#file
    const canContinue = before !== undefined && isContinued(before, epoch)
    const isSame = canContinue && (before.name === name || isTooShort(before, wallMs))
    const begun = isSame ? undefined : this.#begin(name, pattern, epoch, wallMs)
    const file = begun ?? (canContinue ? before : undefined)
    const joint = file === undefined ? null : this.#joint(file, epoch)
    if (file === undefined || joint === null) return this.#skipOne(before)
    file.epoch = epoch
    this.#file = file
    // The name has changed, and the next frame may be one that a file can begin with.
    const isBetween = file.name !== name && !isSame
    const end = isBetween ? this.#cursor + 1 : this.#endAfter(wallMs, file, pattern)
    return this.#cut(file, end, joint, file.titled(title, wallMs))
  }

  /** Skips the next frame, which no file can begin or continue with. It is not lost where a listener could not start either. */
  #skipOne(file: PlannedFile | undefined): undefined {
    if (file === undefined && this.#missedFrom === undefined) this.#goTo(this.#cursor + 1)
    else this.#lose(this.#cursor + 1)
  }

  #begin(name: string, pattern: NamePattern, epoch: Epoch, wallMs: number): PlannedFile | undefined {
    const content = createFrameFile(this.#placeIn(epoch))
    if (content === undefined) return undefined
    this.#missedFrom = undefined
    return new PlannedFile(name, pattern.extension, content, epoch, wallMs)
  }

  /** Returns the bytes before the next frame, if some are missing before it; null: the file cannot continue with it. */
  #joint(file: PlannedFile, epoch: Epoch): Buffer | null {
    if (this.#missedFrom === undefined) return NOTHING
    return file.content.rejoin(this.#placeIn(epoch), this.#missedFrom)
  }

  #placeIn(frames: Epoch): FilePlace {
    const { ring } = this.#stream
    return { frames, ring, at: this.#cursor, samples: frames.format.samples ?? samplesOf(this.#stream)?.format }
  }

  /** Returns the first frame after the cursor that may belong to another file, or has another title. */
  #endAfter(wallMs: number, { epoch, startedAt }: PlannedFile, { everyMs }: NamePattern): number {
    const { ring, epochs, titles } = this.#stream
    const nextTitle = titles.all().find(({ from }) => from > this.#cursor)?.from
    const ends = [nextTitle, epochs.endOf(epoch), this.#patterns[1]?.from].map((seq) => seq ?? ring.next)
    const isLongEnough = startedAt + SHORTEST_MS
    const nextName = (Math.floor(wallMs / everyMs) + 1) * everyMs
    const change = wallMs < isLongEnough ? Math.min(isLongEnough, nextName) : nextName
    return Math.min(...ends, Math.max(this.#times.seqAt(change), this.#cursor + 1))
  }

  #cut(file: PlannedFile, end: number, joint: Buffer, track: Section['track']): Section {
    const { ring } = this.#stream
    const from = this.#cursor
    const frames: Buffer[] = []
    let [seq, us, ringBytes] = [from, 0, 0]
    for (; seq < end; seq++) {
      const frame = ring.at(seq)
      if (frame === undefined || (seq > from && ringBytes + frame.bytes.length > MAX_BYTES)) break
      frames.push(frame.bytes)
      us += frame.durationUs
      ringBytes += frame.bytes.length
    }
    const bytes = Buffer.concat([joint, ...file.content.add(frames)])
    file.us += us
    file.endsAt = this.#times.ofFrame(seq)
    this.#cursor = seq
    this.#cursorUs += us
    this.#waitingBytes -= ringBytes
    this.#missedFrom = undefined
    return { file, from, to: seq, us, ringBytes, bytes, msAfter: file.ms, endAfter: file.content.end(), track }
  }

  #goTo(seq: number): void {
    this.#cursor = seq
    this.#cursorUs = this.#stream.timeline.usOf(seq)
    this.#waitingBytes = this.#bytesFrom(seq)
    this.#missedFrom = undefined
    this.#times.restart()
  }

  #lose(seq: number): void {
    const { ring, timeline } = this.#stream
    const to = Math.min(seq, ring.next)
    const left = this.#bytesFrom(to)
    const us = timeline.usOf(to)
    const loss = { frames: to - this.#cursor, bytes: this.#waitingBytes - left, ms: (us - this.#cursorUs) / 1000 }
    this.#missedFrom ??= this.#cursor
    this.#cursor = to
    this.#cursorUs = us
    this.#waitingBytes = left
    this.#lost(loss)
  }

  #patternNow(): NamePattern | undefined {
    while ((this.#patterns[1]?.from ?? Number.POSITIVE_INFINITY) <= this.#cursor) {
      this.#patterns = this.#patterns.slice(1)
    }
    return this.#patterns[0]?.pattern
  }

  #bytesFrom(seq: number): number {
    const { ring } = this.#stream
    let bytes = 0
    for (let at = seq; at < ring.next; at++) bytes += ring.at(at)?.bytes.length ?? 0
    return bytes
  }
}

function isContinued(file: PlannedFile, epoch: Epoch): boolean {
  if (file.epoch === epoch) return true
  return !epoch.isOther && epoch.header.equals(file.epoch.header) && epoch.format.name === file.epoch.format.name
}

function isTooShort({ startedAt }: PlannedFile, wallMs: number): boolean {
  return wallMs >= startedAt && wallMs - startedAt < SHORTEST_MS
}
