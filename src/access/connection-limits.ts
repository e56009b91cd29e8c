import { randomInt } from 'node:crypto'

/** Maximum numbers of connections; 0: unlimited. */
export interface ConnectionMaxima {
  readonly all: number
  readonly ofAddress: number
}

/** Numbers with which each table is searched, and numbers in a table: 10,000 networks share all theirs in 1 of 2,500 cases. */
const ROWS = 4
const BUCKETS = 65_536
const MAX_SEED = 2 ** 31
/** Places of the seeds of the hash, before the counts. */
const SEEDS = 2

/** Counts of connections in memory that all threads share; see `ConnectionLimits`. */
export interface SharedConnections {
  readonly maxima: ConnectionMaxima
  readonly memory: SharedArrayBuffer
}

/** @param threads maximum number, main thread included */
export function shareConnections(maxima: ConnectionMaxima, threads: number): SharedConnections {
  const memory = new SharedArrayBuffer((SEEDS + threads * countsPerThread(maxima)) * Int32Array.BYTES_PER_ELEMENT)
  const seeds = new Int32Array(memory, 0, SEEDS)
  // No client can choose addresses that are counted together. Without a limit they are not counted.
  if (maxima.ofAddress > 0) for (let at = 0; at < SEEDS; at++) seeds[at] = randomInt(MAX_SEED)
  return { maxima, memory }
}

function countsPerThread({ ofAddress }: ConnectionMaxima): number {
  return 1 + (ofAddress > 0 ? ROWS * BUCKETS : 0)
}

/**
 * Limits the connections of the whole process, and those of each client. Each thread counts its own, and adds those of the others:
 *
 *      seeds | all  row 1  row 2  row 3  row 4 | all  row 1 ...      a count-min sketch for each thread
 *              thread 0                          thread 1
 *
 * There are never more connections than the maximum. The count of a client is never too low. It is too high when all of its four
 * places are also those of other clients: then it may be refused although it has fewer. A count that is added before the others are
 * read makes two threads refuse a last place rather than give it twice.
 */
export class ConnectionLimits {
  readonly #maxima: ConnectionMaxima
  readonly #counts: Int32Array
  readonly #perThread: number
  readonly #own: number

  /** @param slot number of this thread, from 0 on */
  constructor({ maxima, memory }: SharedConnections, slot: number) {
    this.#maxima = maxima
    this.#counts = new Int32Array(memory)
    this.#perThread = countsPerThread(maxima)
    this.#own = SEEDS + slot * this.#perThread
  }

  /** Number of connections of all threads. */
  get open(): number {
    return this.#sumOf(0)
  }

  /** Number of slots. */
  get slots(): number {
    return (this.#counts.length - SEEDS) / this.#perThread
  }

  /** Adds a connection. @returns false, with nothing added, when there are too many */
  enter(): boolean {
    Atomics.add(this.#counts, this.#own, 1)
    const { all } = this.#maxima
    if (all === 0 || this.#sumOf(0) <= all) return true
    this.leave()
    return false
  }

  leave(): void {
    Atomics.sub(this.#counts, this.#own, 1)
  }

  /** Adds a connection of a client. @param client see `networkOf`. @returns false, with nothing added, when it has too many */
  enterClient(client: string): boolean {
    const { ofAddress } = this.#maxima
    if (ofAddress === 0) return true
    const places = this.#placesOf(client)
    for (const place of places) Atomics.add(this.#counts, this.#own + place, 1)
    if (Math.min(...places.map((place) => this.#sumOf(place))) <= ofAddress) return true
    this.#leaveAt(places)
    return false
  }

  leaveClient(client: string): void {
    if (this.#maxima.ofAddress > 0) this.#leaveAt(this.#placesOf(client))
  }

  /** Removes all connections of another thread, which has ended. */
  forget(slot: number): void {
    const start = SEEDS + slot * this.#perThread
    this.#counts.fill(0, start, start + this.#perThread)
  }

  #leaveAt(places: readonly number[]): void {
    for (const place of places) Atomics.sub(this.#counts, this.#own + place, 1)
  }

  /** Adds the counts of all threads. @param place within those of each */
  #sumOf(place: number): number {
    let sum = 0
    for (let at = SEEDS + place; at < this.#counts.length; at += this.#perThread) sum += Atomics.load(this.#counts, at)
    return sum
  }

  #placesOf(client: string): number[] {
    const [first = 0, second = 0] = this.#counts
    const [start, step] = [hash(client, first), hash(client, second)]
    return Array.from({ length: ROWS }, (_, row) => 1 + row * BUCKETS + (((start + row * step) >>> 0) % BUCKETS))
  }
}

/** FNV-1a with a seed, and the mixing of MurmurHash 3 at the end. */
function hash(text: string, seed: number): number {
  let value = 0x811c9dc5 ^ seed
  for (let at = 0; at < text.length; at++) value = Math.imul(value ^ text.charCodeAt(at), 0x01000193)
  value = Math.imul(value ^ (value >>> 16), 0x85ebca6b)
  value = Math.imul(value ^ (value >>> 13), 0xc2b2ae35)
  return value ^ (value >>> 16)
}
