import type { Stream } from '../stream/stream.ts'
import type { Clock } from '../system/clock.ts'
import { type Disk, reasonOf } from './disk.ts'
import type { Section } from './planned-file.ts'
import { RecordedFile } from './recorded-file.ts'
import type { Turns } from './turns.ts'

/** Surroundings of a writer. */
export interface WriterParts {
  readonly clock: Clock
  readonly disk: Disk
  readonly turns: Turns
}

/** Interval in which a file is checked to be the one at its path, in milliseconds. */
const CHECK_EVERY_MS = 5_000
/** Extension of formats that have none of their own. */
const UNKNOWN = '.bin'
/** Extensions that are as right as that of the format. */
const ALIKE: Readonly<Record<string, readonly string[]>> = {
  '.ogg': ['.oga', '.opus'],
  '.opus': ['.ogg', '.oga'],
  '.oga': ['.ogg', '.opus'],
  '.mp3': ['.mp2', '.mpga'],
  '.mp2': ['.mp3', '.mpga'],
  '.aac': ['.adts'],
  '.wav': ['.wave'],
}

/** Writes the sections of a stream into its files, one operation at a time. */
export class SectionWriter {
  readonly #stream: Stream
  readonly #parts: WriterParts
  /** See `Turns`. */
  readonly #folder: string
  #file: RecordedFile | undefined
  #fileSince = 0
  #checkedAt = 0
  /** Format whose extension another one was used for, in the log. */
  #warnedOf = ''

  /** @param folder that all files are in or below */
  constructor(stream: Stream, folder: string, parts: WriterParts) {
    this.#stream = stream
    this.#folder = folder
    this.#parts = parts
  }

  /** The file that is being written; `since` is in milliseconds of the clock. */
  get file(): { readonly path: string; readonly since: number; readonly bytes: number } | undefined {
    return this.#file && { path: this.#file.path, since: this.#fileSince, bytes: this.#file.bytes }
  }

  /** Appends a section to its file; one of another file completes the file before. @throws errors of the system */
  async write(section: Section): Promise<void> {
    const { file: plan, bytes } = section
    if (this.#file?.plan !== plan) await this.complete()
    await this.#parts.turns.run(this.#folder, async () => {
      this.#file ??= await this.#create(section)
      await this.#check(this.#file)
      await this.#file.append(section)
    })
    this.#stream.counters.recordedBytes += bytes.length
    this.#warnOfExtension(plan.extension, plan.content.extension)
  }

  /** Completes the file, if one is open. Never rejects. */
  async complete(): Promise<void> {
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

  async #create({ file: plan }: Section): Promise<RecordedFile> {
    const file = await RecordedFile.create(plan, this.#parts.disk)
    this.#fileSince = this.#parts.clock.now()
    this.#checkedAt = this.#fileSince
    return file
  }

  async #check(file: RecordedFile): Promise<void> {
    const now = this.#parts.clock.now()
    if (now - this.#checkedAt < CHECK_EVERY_MS) return
    this.#checkedAt = now
    await file.check()
  }

  #warnOfExtension(used: string, right: string): void {
    const lower = used.toLowerCase()
    if (lower === right || right === UNKNOWN || ALIKE[right]?.includes(lower) || this.#warnedOf === right) return
    this.#warnedOf = right
    this.#stream.log.warn('recording has the extension of another format', { extension: used, format: right })
  }
}
