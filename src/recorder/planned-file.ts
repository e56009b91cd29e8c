import type { FrameFile, Patch } from '../../filters/frame-file.ts'
import type { Epoch } from '../stream/epoch.ts'
import type { Track } from './cue-sheet.ts'

/** How a file ends; see `FrameFile.end`. */
export interface FileEnd {
  readonly tail: Buffer
  readonly patches: readonly Patch[]
}

/** The frame that a file may begin with. */
export interface FirstFrame {
  /** Path of the file, without extension and number. */
  readonly name: string
  readonly title: string
  readonly epoch: Epoch
  /** In milliseconds since 1970. */
  readonly wallMs: number
}

/** A file of a recording, as its frames and their times determine it, whether it is on the disk yet or not. */
export class PlannedFile {
  /** Path without extension and number. */
  readonly name: string
  /** Title of its first frame, which its name may have. */
  readonly firstTitle: string
  /** Extension of its name, with a dot. */
  readonly extension: string
  readonly content: FrameFile
  /** Time of its first frame, in milliseconds since 1970. */
  readonly startedAt: number
  /** The epoch of its last frames. */
  epoch: Epoch
  /** Duration of its frames, in microseconds; 0: it is unknown. */
  us = 0
  /** Time of the end of its last frames, in milliseconds since 1970. */
  endsAt: number
  #tracks = 0
  #title: string | undefined

  constructor(first: FirstFrame, extension: string | undefined, content: FrameFile) {
    const { name, title, epoch, wallMs } = first
    this.name = name
    this.firstTitle = title
    this.extension = extension ?? content.extension
    this.content = content
    this.startedAt = wallMs
    this.endsAt = wallMs
    this.epoch = epoch
  }

  /** Duration of its sound, in milliseconds: by its frames, or else by their times. */
  get ms(): number {
    return this.us > 0 ? this.us / 1000 : Math.max(0, this.endsAt - this.startedAt)
  }

  /** Takes the title of the next frame. @returns the track that begins with it, with its index; undefined: none does */
  titled(title: string, wallMs: number): { readonly index: number; readonly track: Track } | undefined {
    // Sound before the first title has no track.
    if (title === (this.#title ?? '')) return undefined
    this.#title = title
    const atMs = this.us > 0 ? this.us / 1000 : Math.max(0, wallMs - this.startedAt)
    return { index: this.#tracks++, track: { atMs, title } }
  }
}

/** Consecutive frames of one file, to be written at once. */
export interface Section {
  readonly file: PlannedFile
  /** Number of the first frame, and of the one after the last. */
  readonly from: number
  readonly to: number
  /** Duration of the frames, in microseconds, and their bytes in the ring. */
  readonly us: number
  readonly ringBytes: number
  /** Bytes to append to the file. */
  readonly bytes: Buffer
  /** Duration of the sound of the file with it, in milliseconds, and how the file ends behind it. */
  readonly msAfter: number
  readonly endAfter: FileEnd
  /** The track that begins with its first frame; undefined: none does. */
  readonly track: ReturnType<PlannedFile['titled']>
}
