import type { FilterOptions, Frame, FrameFilter } from '../../../filters/frame-filter.ts'
import type { HubFrame, HubKey } from '../../../filters/hub/message.ts'
import { FILTERS } from '../../../filters/table.ts'
import type { Run } from './backlog.ts'
import { isUsable } from './piece.ts'

/**
 * Beginnings at frames that have no key: the filter of the format receives the frames from the last key on, one by one, as it did at
 * the origin, and returns what a listener needs first.
 *
 * ```
 *   run   [key f f f][f f f][f f f]
 *          '------------------^ begin here: the preamble is that of this frame
 * ```
 *
 * Behind a gap, only the frames behind it are used, and of the key before it what every frame needs.
 */

/** Frame of an origin at which listeners can begin. */
export interface Opening {
  /** Index of its piece in the run, and of the frame in the piece. */
  readonly at: number
  readonly index: number
  readonly key: HubKey
}

/** Frames that are tried: each frame of MP3 may need the ten before it, and a page of Ogg may continue the one before. */
const MAX_TRIES = 32
const NOTHING = Buffer.alloc(0)
const OPTIONS: FilterOptions = {
  frameBytes: undefined,
  blockBytes: 1,
  byteUs: 0,
  keepTail: false,
  silentByte: 0,
  splice: true,
  isCut: true,
}

/** Returns the first frame at which listeners can begin in the pieces from one on; undefined: there is none. */
export function findOpening({ pieces, keyBefore }: Run, from: number): Opening | undefined {
  const own = pieces[from]?.message.key
  if (isUsable(own)) return { at: from, index: 0, key: own }
  const keyed = pieces.findLastIndex(({ message }, at) => at < from && isUsable(message.key))
  const base = keyed >= 0 ? pieces[keyed]?.message.key : keyBefore
  if (base === undefined) return undefined
  const reader = new KeyReader(base, keyed >= 0)
  let tries = 0
  for (let at = Math.max(0, keyed); at < pieces.length; at++) {
    for (const [index, frame] of pieces[at]?.message.frames.entries() ?? []) {
      const key = reader.next(frame, at >= from)
      if (key !== undefined) return { at, index, key }
      if (at >= from && ++tries === MAX_TRIES) return undefined
    }
  }
  return undefined
}

/** Makes keys of the frames behind another key. */
class KeyReader {
  readonly #base: HubKey
  /** Undefined: any bytes are frames. */
  readonly #filter: FrameFilter | undefined
  readonly #frames: Frame[] = []
  readonly #emit = (frame: Frame) => void this.#frames.push(frame)
  /** Index of the first frame that listeners may be sent parts of. */
  readonly #first: number
  #title: string

  /** @param follow the frames follow the key; otherwise frames are missing between the two */
  constructor(base: HubKey, follow: boolean) {
    this.#base = base
    this.#title = base.title
    this.#filter = base.filter === 'raw' ? undefined : FILTERS.get(base.filter)?.(OPTIONS)
    this.#push(base.preamble ?? NOTHING)
    this.#first = follow ? 0 : this.#frames.length
  }

  /** Takes the next frame. @param isWanted return its key @returns undefined when no listener can begin there */
  next({ bytes, title }: HubFrame, isWanted: boolean): HubKey | undefined {
    this.#title = title ?? this.#title
    this.#push(bytes)
    const last = this.#frames.length - 1
    const isFound = this.#filter === undefined || this.#frames[last]?.bytes.length === bytes.length
    const preamble = isWanted && isFound ? this.#preamble(last) : null
    return preamble === null ? undefined : { ...this.#base, preamble, title: this.#title }
  }

  #push(bytes: Buffer): void {
    if (bytes.length > 0) this.#filter?.push(bytes, this.#emit)
    this.#filter?.flush?.(this.#emit)
  }

  #preamble(at: number): Buffer | null {
    const first = this.#first
    // It is not the newest frame, with which listeners would have to begin in any case.
    const ring = { first, next: at + 2, at: (seq: number) => (seq >= first ? this.#frames[seq] : undefined) }
    return this.#filter?.preamble === undefined ? NOTHING : this.#filter.preamble(at, ring, true)
  }
}
