import { emptyQueue, STEP_MS, type UnderWay } from './under-way.ts'

/** Limits of one edge. */
export interface EdgeLimits {
  /** Connections that it accepts, per second. */
  readonly acceptsPerSecond: number
  /** Connections that wait to be accepted; the kernel drops more. */
  readonly backlog: number
}

const MS = 1_000

/** The door of an edge, and the listeners behind it. */
export class EdgeDoor {
  /** Up, and in the list of the balancer. */
  isUp = true
  /** Until when the balancer has not noticed that it is down, in milliseconds. */
  unnoticedUntil = 0
  /** Number of all listeners that are served, and of those of each cell, which is a kind and a stream. */
  listeners = 0
  readonly served: Int32Array
  readonly queue = emptyQueue()
  readonly #limits: EdgeLimits
  #allowance = 0
  /** Connections that were tried in the current tenth of a second, and bytes that were sent in the current second; the most in one. */
  #attempts = 0
  #bytes = 0
  mostAttempts = 0
  mostBytes = 0
  longestWaitMs = 0

  constructor(limits: EdgeLimits, cells: number) {
    this.#limits = limits
    this.served = new Int32Array(cells)
  }

  /** Connections that it has. */
  get load(): number {
    return this.listeners + this.queue.length
  }

  serve(cell: number): void {
    this.served[cell] = (this.served[cell] ?? 0) + 1
    this.listeners++
  }

  lose(cell: number, count: number): void {
    this.served[cell] = (this.served[cell] ?? 0) - count
    this.listeners -= count
  }

  /** A listener leaves. @returns false: the cell has none */
  leave(cell: number): boolean {
    if ((this.served[cell] ?? 0) === 0) return false
    this.lose(cell, 1)
    return true
  }

  /** Takes a connection. @returns false: its queue is full */
  enter(records: UnderWay, record: number, now: number): boolean {
    this.#attempts++
    if (this.queue.length >= this.#limits.backlog) return false
    records.queuedAt[record] = now
    records.push(this.queue, record)
    return true
  }

  /** Accepts connections of one step. */
  accept(records: UnderWay, now: number, accepted: (record: number) => void): void {
    const perStep = (this.#limits.acceptsPerSecond * STEP_MS) / MS
    this.#allowance = Math.min(this.#allowance + perStep, Math.max(1, perStep))
    while (this.#allowance >= 1 && this.queue.length > 0) {
      this.#allowance--
      const record = records.shift(this.queue)
      this.longestWaitMs = Math.max(this.longestWaitMs, now - (records.queuedAt[record] ?? now))
      accepted(record)
    }
  }

  send(bytes: number): void {
    this.#bytes += bytes
  }

  endTenth(): void {
    this.mostAttempts = Math.max(this.mostAttempts, this.#attempts)
    this.#attempts = 0
  }

  endSecond(): void {
    this.mostBytes = Math.max(this.mostBytes, this.#bytes)
    this.#bytes = 0
  }
}
