import { basename, dirname, join } from 'node:path'
import { type CueText, cueTrack } from './cue-sheet.ts'
import { codeOf, type Disk, type DiskFile } from './disk.ts'
import type { FileEnd, PlannedFile, Section } from './planned-file.ts'
import { withEnd } from './safe-name.ts'

/** Maximum number of files with the same name but for their number. */
const MAX_NUMBER = 9_999
const NOTHING: FileEnd = { tail: Buffer.alloc(0), patches: [] }

/** A file of a recording on the disk, which is open. */
export class RecordedFile {
  readonly plan: PlannedFile
  readonly path: string
  /** Bytes of the file up to the end of its last whole section. */
  bytes = 0
  /** Duration of its sound up to there, in milliseconds. */
  ms = 0
  readonly #stem: string
  readonly #disk: Disk
  readonly #file: DiskFile
  #end: FileEnd = NOTHING
  #hasFrames = false
  /** The last cue sheet; undefined: there is none yet. */
  #cue: { readonly sheet: number; readonly path: string } | undefined
  /** Tracks that are in no cue sheet yet. */
  readonly #unlisted: CueText[] = []

  private constructor(plan: PlannedFile, path: string, stem: string, disk: Disk, file: DiskFile) {
    this.plan = plan
    this.path = path
    this.#stem = stem
    this.#disk = disk
    this.#file = file
  }

  /** Creates the file of a plan; one that exists is never touched, and the new one gets a number. @throws errors of the system */
  static async create(plan: PlannedFile, disk: Disk): Promise<RecordedFile> {
    await disk.makeFolder(dirname(plan.name))
    for (let number = 0; ; number++) {
      const stem = stemOf(plan, number)
      try {
        const file = await disk.create(stem + plan.extension)
        return new RecordedFile(plan, stem + plan.extension, stem, disk, file)
      } catch (error) {
        if (codeOf(error) !== 'EEXIST' || number === MAX_NUMBER) throw error
      }
    }
  }

  /** Appends a section. When that fails, the file ends before it. @throws errors of the system */
  async append({ bytes, endAfter, msAfter, track }: Section): Promise<void> {
    const { head } = this.plan.content
    const all = this.#hasFrames ? bytes : Buffer.concat([head, bytes])
    await this.#write(all, this.bytes)
    this.bytes += all.length
    this.ms = msAfter
    this.#end = endAfter
    this.#hasFrames = true
    const cue = track && cueTrack(this.path, track.index, track.track)
    if (cue === undefined) return
    this.#unlisted.push(cue)
    await this.#list()
  }

  /** @throws an error with the code ENOENT when the file at its path is another one, or there is none */
  async check(): Promise<void> {
    const [own, found] = await Promise.all([this.#file.stat(), this.#disk.stat(this.path)])
    if (own.ino === found.ino && own.dev === found.dev) return
    throw Object.assign(new Error('another file is in its place'), { code: 'ENOENT' })
  }

  /** Completes the file and closes it. One without frames is removed. @throws the first error; the file is closed all the same */
  async complete(): Promise<void> {
    const failures: unknown[] = []
    const attempt = (done: Promise<unknown>) => done.catch((error: unknown) => void failures.push(error))
    const { tail, patches } = this.#end
    if (tail.length > 0) await attempt(this.#write(tail, this.bytes).then(() => (this.bytes += tail.length)))
    // Whole frames stay when the rest cannot be written.
    await attempt(this.#file.truncate(this.bytes))
    for (const { at, bytes } of patches) await attempt(this.#write(bytes, at))
    await attempt(this.#file.close())
    await this.#list()
    if (!this.#hasFrames) await attempt(this.#disk.remove(this.path))
    if (failures.length > 0) throw failures[0]
  }

  /** Whether it has frames. */
  get hasFrames(): boolean {
    return this.#hasFrames
  }

  async #write(bytes: Buffer, position: number): Promise<void> {
    for (let done = 0; done < bytes.length; ) {
      const { bytesWritten } = await this.#file.write(bytes, done, bytes.length - done, position + done)
      // A device that is full may take nothing without an error.
      if (bytesWritten === 0) throw Object.assign(new Error('nothing was written'), { code: 'ENOSPC' })
      done += bytesWritten
    }
  }

  /** Writes the tracks that are in no cue sheet yet. One that cannot be written does not end the recording. */
  async #list(): Promise<void> {
    try {
      for (let next = this.#unlisted[0]; next !== undefined; next = this.#unlisted[0]) {
        const { sheet, text } = next
        if (this.#cue?.sheet === sheet) await this.#disk.appendText(this.#cue.path, text)
        else this.#cue = { sheet, path: await this.#createCue(sheet, text) }
        this.#unlisted.shift()
      }
    } catch {
      // It is tried again with the next track, and when the file is complete.
    }
  }

  /** A sheet has the name of its file, unless another file has it, which differs only in its extension. */
  async #createCue(sheet: number, text: string): Promise<string> {
    const end = sheet === 1 ? '.cue' : `.part${sheet}.cue`
    const [first, second] = [beside(this.#stem, end), beside(this.path, end)]
    try {
      await this.#disk.createText(first, text)
      return first
    } catch (error) {
      if (codeOf(error) !== 'EEXIST') throw error
      await this.#disk.createText(second, text)
      return second
    }
  }
}

/** `/srv/09`, or the path with a number where such a file exists: `/srv/09.1`. */
function stemOf({ name, extension }: PlannedFile, number: number): string {
  const path = beside(name, `${number === 0 ? '' : `.${number}`}${extension}`)
  return path.slice(0, -extension.length)
}

/** Returns a path with an end; its name is cut where it would be too long. */
function beside(path: string, end: string): string {
  return join(dirname(path), withEnd(basename(path), end))
}
