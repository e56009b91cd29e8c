import type { Frame, RingView } from '../../filters/frame-filter.ts'
import { FRAME_COST, RingMemory } from './ring-memory.ts'

/**
 * Size of a ring. `frames`: exact number of slots, as in `-source-buffer`. Otherwise the ring is elastic: at least `bytes`
 * bytes and `us` microseconds of stream, whichever is more, but at most `maxFrames` frames and its share of the rings' memory.
 */
export type RingSize = { readonly frames: number } | ElasticSize

/** See RingSize. */
export interface ElasticSize {
  readonly bytes: number
  readonly us: number
  readonly maxFrames: number
}

/** Totals of the newest frames of a ring. */
export interface RecentFrames {
  readonly frames: number
  readonly bytes: number
  readonly us: number
}

/** Slots of an empty elastic ring, 512 bytes for an idle stream; it grows as needed. */
const LEAST_SLOTS = 64

/** Default size: 512 KiB or 10 s, whichever is more. */
export const ELASTIC_SIZE: ElasticSize = {
  bytes: 512 * 1024,
  us: 10_000_000,
  maxFrames: 1024 * 1024,
}

/** Maximum size of the newest frames by which a ring is measured, in bytes, for frames without a known duration. */
const MAX_RECENT_BYTES = 8 * 1024 * 1024
/** Maximum number of frames in a ring for listeners that go back: its memory limits it before. */
const MAX_PAST_FRAMES = 2 ** 30
const US_PER_MS = 1000
const US_PER_S = 1e6

/** Returns the size of a ring that reaches at least `ms` milliseconds back, as far as its memory allows. */
export function sizeReaching(ms: number): ElasticSize {
  if (ms === 0) return ELASTIC_SIZE
  return { ...ELASTIC_SIZE, us: Math.max(ELASTIC_SIZE.us, ms * US_PER_MS), maxFrames: MAX_PAST_FRAMES }
}

/**
 * The last frames of a stream, numbered from 0.
 *
 *        first              next
 *          v                  v
 *    . . . [f][f][f][f][f][f] . . .      slot of frame n: n & mask
 *
 * A slot holds a reference to a frame. Overwriting it drops the reference and never changes the bytes, so a write that is
 * still in flight keeps its data, and a listener never receives a torn frame.
 */
export class Ring implements RingView {
  first = 0
  next = 0
  /** Bytes of all frames held. */
  bytes = 0
  /** Duration of all frames held, in microseconds, as far as it is known. */
  us = 0
  readonly size: RingSize
  readonly #maxFrames: number
  /** Undefined for a ring of a fixed size. */
  readonly #memory: RingMemory | undefined
  readonly #keepUs: number
  #keepBytes: number
  /** See `keepRate`. */
  #rate = 0
  #slots: (Frame | undefined)[]
  #mask: number

  /** @param memory is shared with other elastic rings; a ring of a fixed size holds its frames whatever they need. */
  constructor(size: RingSize, memory: RingMemory = new RingMemory()) {
    this.size = size
    const fixed = 'frames' in size
    this.#memory = fixed ? undefined : memory
    this.#maxFrames = fixed ? size.frames : size.maxFrames
    this.#keepBytes = fixed ? Number.MAX_SAFE_INTEGER : size.bytes
    this.#keepUs = fixed ? 0 : size.us
    const slots = fixed ? 2 ** Math.ceil(Math.log2(size.frames + 1)) : LEAST_SLOTS
    this.#slots = emptySlots(slots)
    this.#mask = slots - 1
  }

  /** Maximum number of unsent frames before listeners that keep up risk being lapped. */
  get quarter(): number {
    return Math.max(1, this.#maxFrames >> 2)
  }

  /**
   * Sets the minimum size of an elastic ring, for a stream that knows the rate of its source but not the duration of frames.
   */
  keepBytes(bytes: number): void {
    if (this.#keepBytes !== Number.MAX_SAFE_INTEGER) this.#keepBytes = bytes
  }

  /** Sets the minimum size by the rate of the source, where frames have no known duration. */
  keepRate(bytesPerSecond: number): void {
    if ('frames' in this.size) return
    const { bytes, us } = this.size
    this.#rate = bytesPerSecond
    this.keepBytes(Math.max(bytes, (bytesPerSecond * us) / US_PER_S))
  }

  /** Bytes of frames without a known duration that a ring of the default size keeps. */
  get recentBytes(): number {
    if ('frames' in this.size) return this.bytes
    return Math.max(ELASTIC_SIZE.bytes, (this.#rate * ELASTIC_SIZE.us) / US_PER_S)
  }

  /** All frames; of a ring that reaches further back than others, those of the last 10 s, because its format may have changed. */
  get recent(): RecentFrames {
    const { first, next, bytes, us } = this
    if ('frames' in this.size || this.size.us <= ELASTIC_SIZE.us) return { frames: next - first, bytes, us }
    const recent = { frames: 0, bytes: 0, us: 0 }
    for (let seq = next - 1; seq >= first && recent.us < ELASTIC_SIZE.us && recent.bytes < MAX_RECENT_BYTES; seq--) {
      const frame = this.at(seq)
      recent.frames++
      recent.bytes += frame?.bytes.length ?? 0
      recent.us += frame?.durationUs ?? 0
    }
    return recent
  }

  /** Drops all frames, for example of a stream that has ended, and so frees memory for other rings. */
  clear(): void {
    this.restart(this.next)
    this.#slots = emptySlots(LEAST_SLOTS)
    this.#mask = LEAST_SLOTS - 1
  }

  /** Drops all frames; the next one gets the number `seq`. */
  restart(seq: number): void {
    if (this.#memory !== undefined && this.first < this.next) this.#memory.rings--
    while (this.first < this.next) this.#drop()
    this.first = seq
    this.next = seq
  }

  at(seq: number): Frame | undefined {
    return seq >= this.first && seq < this.next ? this.#slots[seq & this.#mask] : undefined
  }

  push(frame: Frame): void {
    this.#count(frame)
    if (this.next - this.first > this.#mask) this.#grow()
    this.#slots[this.next++ & this.#mask] = frame
    this.bytes += frame.bytes.length
    this.us += frame.durationUs
    while (this.#holdsTooMuch(frame.durationUs > 0)) this.#drop()
  }

  #holdsTooMuch(timed: boolean): boolean {
    const frames = this.next - this.first
    if (frames > this.#maxFrames || this.#isOverShare(frames)) return frames > 1
    const oldest = this.#slots[this.first & this.#mask]
    if (oldest === undefined || this.bytes - oldest.bytes.length < this.#keepBytes) return false
    return !timed || this.us - oldest.durationUs >= this.#keepUs
  }

  /** Counts a frame that is about to be pushed. */
  #count(frame: Frame): void {
    if (this.#memory === undefined) return
    if (this.next === this.first) this.#memory.rings++
    this.#memory.used += frame.bytes.length + FRAME_COST
  }

  #isOverShare(frames: number): boolean {
    return this.#memory !== undefined && this.bytes + frames * FRAME_COST > this.#memory.allowance
  }

  #drop(): void {
    const slot = this.first++ & this.#mask
    const oldest = this.#slots[slot]
    this.#slots[slot] = undefined
    if (oldest === undefined) return
    this.bytes -= oldest.bytes.length
    this.us -= oldest.durationUs
    if (this.#memory !== undefined) this.#memory.used -= oldest.bytes.length + FRAME_COST
  }

  #grow(): void {
    const mask = this.#slots.length * 2 - 1
    const slots = emptySlots(mask + 1)
    for (let seq = this.first; seq < this.next; seq++) slots[seq & mask] = this.#slots[seq & this.#mask]
    this.#slots = slots
    this.#mask = mask
  }
}

function emptySlots(count: number): (Frame | undefined)[] {
  return Array.from({ length: count }, () => undefined)
}
