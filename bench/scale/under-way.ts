/** Listeners that are not served: their records, in typed arrays, and lists of those that act at the same time or wait at one edge. */

/** Length of a step of the simulation of listeners, in milliseconds. */
export const STEP_MS = 10
/** Steps that a listener may wait for its next action; the longest pause is far shorter. */
const STEPS = 8_192
const NONE = -1

/** A list of records: first in, first out. */
export interface Queue {
  first: number
  last: number
  length: number
}

export function emptyQueue(): Queue {
  return { first: NONE, last: NONE, length: 0 }
}

export class UnderWay {
  readonly kind: Uint8Array
  readonly stream: Uint8Array
  /** Number of the reason for which it connects. */
  readonly cause: Uint8Array
  /** Attempts in a row that failed. */
  readonly losses: Uint8Array
  /** When it began to be without sound, and when it was put into the queue of an edge; in milliseconds. */
  readonly since: Float64Array
  readonly queuedAt: Float64Array
  readonly #next: Int32Array
  #free = 0
  readonly #steps: Queue[] = Array.from({ length: STEPS }, emptyQueue)

  constructor(most: number) {
    this.kind = new Uint8Array(most)
    this.stream = new Uint8Array(most)
    this.cause = new Uint8Array(most)
    this.losses = new Uint8Array(most)
    this.since = new Float64Array(most)
    this.queuedAt = new Float64Array(most)
    this.#next = Int32Array.from({ length: most }, (_, i) => (i + 1 < most ? i + 1 : NONE))
  }

  /** @returns the number of a new record. @throws RangeError when there are more listeners than expected */
  add(kind: number, stream: number, cause: number, since: number): number {
    const record = this.#free
    if (record === NONE) throw new RangeError('more listeners than records')
    this.#free = this.#next[record] ?? NONE
    this.kind[record] = kind
    this.stream[record] = stream
    this.cause[record] = cause
    this.losses[record] = 0
    this.since[record] = since
    return record
  }

  remove(record: number): void {
    this.#next[record] = this.#free
    this.#free = record
  }

  push(queue: Queue, record: number): void {
    this.#next[record] = NONE
    if (queue.last === NONE) queue.first = record
    else this.#next[queue.last] = record
    queue.last = record
    queue.length++
  }

  /** @returns the first record of a queue, which leaves it; below 0: there is none */
  shift(queue: Queue): number {
    const record = queue.first
    if (record === NONE) return NONE
    queue.first = this.#next[record] ?? NONE
    if (queue.first === NONE) queue.last = NONE
    queue.length--
    return record
  }

  /** Lets a record act after a pause. @param step number of the current step */
  wait(record: number, step: number, ms: number): void {
    const steps = Math.min(STEPS - 1, Math.max(1, Math.ceil(ms / STEP_MS)))
    const queue = this.#steps[(step + steps) % STEPS]
    if (queue !== undefined) this.push(queue, record)
  }

  /** @returns those that act in a step; `shift` takes them out */
  dueIn(step: number): Queue {
    return this.#steps[step % STEPS] ?? emptyQueue()
  }
}
