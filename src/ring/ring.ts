import type { Frame, RingView } from '../../filters/frame-filter.ts'

/**
 * How much a ring holds. `frames`: exactly so many slots, as `-source-buffer` says. Otherwise it is elastic: at least
 * `bytes` and at least `us` microseconds of stream, whichever is more, but never more than `maxBytes` and `maxFrames`.
 */
export type RingSize = { readonly frames: number } | ElasticSize

/** See RingSize. */
export interface ElasticSize {
  readonly bytes: number
  readonly us: number
  readonly maxBytes: number
  /** A frame costs some 200 bytes besides its own. */
  readonly maxFrames: number
}

/** What a ring holds when nothing else was said: 512 KiB or 10 s, and never over 64 MiB, in frames of 64 bytes or more. */
export const ELASTIC_SIZE: ElasticSize = {
  bytes: 512 * 1024,
  us: 10_000_000,
  maxBytes: 64 * 1024 * 1024,
  maxFrames: 1024 * 1024,
}

/**
 * The last frames of a stream, numbered from 0.
 *
 *        first              next
 *          v                  v
 *    . . . [f][f][f][f][f][f] . . .      slot of frame n: n & mask
 *
 * A slot holds a reference to a frame. Overwriting it drops the reference and never touches the bytes, so a write that is
 * still in flight keeps what it needs, and no listener can receive a torn frame.
 */
export class Ring implements RingView {
  first = 0
  next = 0
  /** Bytes of all frames held. */
  bytes = 0
  /** Time of all frames held, in microseconds, as far as it is known. */
  us = 0
  readonly size: RingSize
  readonly #maxFrames: number
  readonly #maxBytes: number
  readonly #keepUs: number
  #keepBytes: number
  #slots: (Frame | undefined)[]
  #mask: number

  constructor(size: RingSize) {
    this.size = size
    const fixed = 'frames' in size
    this.#maxFrames = fixed ? size.frames : size.maxFrames
    this.#keepBytes = fixed ? Number.MAX_SAFE_INTEGER : size.bytes
    this.#keepUs = fixed ? 0 : size.us
    this.#maxBytes = fixed ? Number.MAX_SAFE_INTEGER : size.maxBytes
    const slots = fixed ? 2 ** Math.ceil(Math.log2(size.frames + 1)) : 1024
    this.#slots = emptySlots(slots)
    this.#mask = slots - 1
  }

  /** The most frames that may wait here unsent before those who keep up would be in danger of being lapped. */
  get quarter(): number {
    return Math.max(1, this.#maxFrames >> 2)
  }

  /** An elastic ring of frames whose time is unknown is told by its stream how many bytes the time it should hold is. */
  keepBytes(bytes: number): void {
    if (this.#keepBytes !== Number.MAX_SAFE_INTEGER) this.#keepBytes = bytes
  }

  /** Drops all frames; the next one gets the number `seq`. */
  restart(seq: number): void {
    while (this.first < this.next) this.#drop()
    this.first = seq
    this.next = seq
  }

  at(seq: number): Frame | undefined {
    return seq >= this.first && seq < this.next ? this.#slots[seq & this.#mask] : undefined
  }

  push(frame: Frame): void {
    if (this.next - this.first > this.#mask) this.#grow()
    this.#slots[this.next++ & this.#mask] = frame
    this.bytes += frame.bytes.length
    this.us += frame.durationUs
    while (this.#holdsTooMuch(frame.durationUs > 0)) this.#drop()
  }

  #holdsTooMuch(timed: boolean): boolean {
    if (this.next - this.first > this.#maxFrames || this.bytes > this.#maxBytes) return this.next - this.first > 1
    const oldest = this.#slots[this.first & this.#mask]
    if (oldest === undefined || this.bytes - oldest.bytes.length < this.#keepBytes) return false
    return !timed || this.us - oldest.durationUs >= this.#keepUs
  }

  #drop(): void {
    const slot = this.first++ & this.#mask
    const oldest = this.#slots[slot]
    this.#slots[slot] = undefined
    if (oldest === undefined) return
    this.bytes -= oldest.bytes.length
    this.us -= oldest.durationUs
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
