import { createFrameFile } from '../../filters/create-frame-file.ts'
import type { FilePlace } from '../../filters/frame-file.ts'
import type { Epoch } from '../stream/epoch.ts'
import { samplesOf } from '../stream/samples-of.ts'
import type { Stream } from '../stream/stream.ts'
import type { NamePattern } from './name-pattern.ts'
import { type FirstFrame, PlannedFile, type Section } from './planned-file.ts'
import { type Loss, RingCursor } from './ring-cursor.ts'
import type { WallTimes } from './wall-times.ts'

/** A pattern of names, from one frame on; undefined: nothing is recorded. */
interface PatternFrom {
  readonly from: number
  readonly pattern: NamePattern | undefined
}

/** Minimum duration of a file before another title begins the next one, in milliseconds. */
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
  readonly cursor: RingCursor
  readonly #stream: Stream
  readonly #lost: (loss: Loss) => void
  readonly #times: WallTimes
  #patterns: readonly PatternFrom[]
  /** The file of the last section; undefined: the next one begins a file. */
  #file: PlannedFile | undefined

  /** Begins with the next frame. @param lost called with frames that are lost */
  constructor(stream: Stream, pattern: NamePattern, times: WallTimes, lost: (loss: Loss) => void) {
    this.#stream = stream
    this.#lost = lost
    this.#times = times
    this.cursor = new RingCursor(stream, lost)
    this.#patterns = [{ from: this.cursor.seq, pattern }]
  }

  /** The pattern of the newest frames; undefined: they are not recorded. */
  get pattern(): NamePattern | undefined {
    return this.#patterns.at(-1)?.pattern
  }

  /** Uses another pattern from the next frame on; undefined: nothing is recorded then. */
  usePattern(pattern: NamePattern | undefined): void {
    this.#patterns = [...this.#patterns, { from: this.#stream.ring.next, pattern }]
  }

  /** Returns the next frames; undefined: there are none. */
  take(): Section | undefined {
    const { cursor } = this
    const { ring, epochs } = this.#stream
    cursor.skipLost()
    while (cursor.seq < ring.next) {
      const pattern = this.#patternNow()
      const epoch = epochs.at(cursor.seq)
      if (pattern === undefined || epoch === undefined) {
        this.#file = undefined
        cursor.goTo(this.#patterns[1]?.from ?? ring.next)
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
    this.#times.restart()
    const [first, last] = [sections[0], sections.at(-1)]
    if (first === undefined || last === undefined) return
    if (this.cursor.seq === last.to && first.from >= this.#stream.ring.first) return this.cursor.goTo(first.from)
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
    const { seq } = this.cursor
    const wallMs = this.#times.ofFrame(seq)
    const title = this.#stream.titles.at(seq)?.text ?? ''
    const name = pattern.nameAt(wallMs, title)
    const before = this.#file
    const canContinue = before !== undefined && isContinued(before, epoch)
    const isSame = canContinue && (before.name === name || isTooShort(before, wallMs, pattern))
    const begun = isSame ? undefined : this.#begin({ name, title, epoch, wallMs }, pattern)
    const file = begun ?? (canContinue ? before : undefined)
    const joint = begun === undefined ? this.#joint(file, epoch) : NOTHING
    if (file === undefined || joint === null) return this.#skipOne(before)
    file.epoch = epoch
    this.#file = file
    // The name has changed, and the next frame may be one that a file can begin with.
    const isBetween = !isSame && begun === undefined
    const end = isBetween ? seq + 1 : this.#endAfter(wallMs, file, pattern)
    return this.#cut(file, end, joint, file.titled(title, wallMs))
  }

  /** Skips the next frame, which no file can begin or continue with. It is not lost where a listener could not start either. */
  #skipOne(file: PlannedFile | undefined): undefined {
    const { cursor } = this
    if (file === undefined && cursor.missedFrom === undefined) cursor.goTo(cursor.seq + 1)
    else cursor.miss(cursor.seq + 1)
  }

  #begin(first: FirstFrame, { extension }: NamePattern): PlannedFile | undefined {
    const content = createFrameFile(this.#placeIn(first.epoch))
    return content && new PlannedFile(first, extension, content)
  }

  /** Returns the bytes before the next frame, if some are missing before it; null: the file cannot continue with it. */
  #joint(file: PlannedFile | undefined, epoch: Epoch): Buffer | null {
    const { missedFrom } = this.cursor
    if (missedFrom === undefined || file === undefined) return NOTHING
    return file.content.rejoin(this.#placeIn(epoch), missedFrom)
  }

  #placeIn(epoch: Epoch): FilePlace {
    const { ring, plan } = this.#stream
    const samples = samplesOf({ isRaw: epoch.format.isRaw, plan })?.format
    return { frames: epoch, ring, at: this.cursor.seq, samples }
  }

  /** Returns the first frame after the cursor that may belong to another file, or has another title. */
  #endAfter(wallMs: number, { epoch, startedAt }: PlannedFile, { everyMs }: NamePattern): number {
    const { ring, epochs, titles } = this.#stream
    const { seq } = this.cursor
    const nextTitle = titles.all().find(({ from }) => from > seq)?.from
    const ends = [nextTitle, epochs.endOf(epoch), this.#patterns[1]?.from].map((end) => end ?? ring.next)
    const isLongEnough = startedAt + SHORTEST_MS
    const nextName = (Math.floor(wallMs / everyMs) + 1) * everyMs
    const change = wallMs < isLongEnough ? Math.min(isLongEnough, nextName) : nextName
    return Math.min(...ends, Math.max(this.#times.seqAt(change), seq + 1))
  }

  #cut(file: PlannedFile, end: number, joint: Buffer, track: Section['track']): Section {
    const { ring } = this.#stream
    const from = this.cursor.seq
    const frames: Buffer[] = []
    let [to, us, ringBytes] = [from, 0, 0]
    for (; to < end; to++) {
      const frame = ring.at(to)
      if (frame === undefined || (to > from && ringBytes + frame.bytes.length > MAX_BYTES)) break
      frames.push(frame.bytes)
      us += frame.durationUs
      ringBytes += frame.bytes.length
    }
    const bytes = Buffer.concat([joint, ...file.content.add(frames)])
    file.us += us
    file.endsAt = this.#times.ofFrame(to)
    this.cursor.advance(to, us, ringBytes)
    return { file, from, to, us, ringBytes, bytes, msAfter: file.ms, endAfter: file.content.end(), track }
  }

  #patternNow(): NamePattern | undefined {
    while ((this.#patterns[1]?.from ?? Number.POSITIVE_INFINITY) <= this.cursor.seq) {
      this.#patterns = this.#patterns.slice(1)
    }
    return this.#patterns[0]?.pattern
  }
}

function isContinued(file: PlannedFile, epoch: Epoch): boolean {
  if (file.epoch === epoch) return true
  return !epoch.isOther && epoch.header.equals(file.epoch.header) && epoch.format.name === file.epoch.format.name
}

/** Whether only the title in the name of a file has changed, shortly after its beginning. */
function isTooShort({ name, firstTitle, startedAt }: PlannedFile, wallMs: number, pattern: NamePattern): boolean {
  const ms = wallMs - startedAt
  return ms >= 0 && ms < SHORTEST_MS && pattern.nameAt(wallMs, firstTitle) === name
}
