/** Listeners of a measurement: `listeners.c`, in a separate process, so that their cost is not counted as the server's. */

import { setTimeout as sleep } from 'node:timers/promises'
import { startChild } from './child.ts'
import { compiled } from './compiled.ts'

/** Content of the stream: that of `frames.ts`, from the beginning of a frame (`frames`) or from anywhere (`cut`); or zeros. */
export type Content = 'frames' | 'cut' | 'zeros'

/** Address of a stream on this machine. */
export interface Place {
  readonly port: number
  readonly path: string
  /** Number of streams, whose paths are `path` and a number from 0 on; undefined: one, whose path is `path`. */
  readonly streams?: number
  /** Order of the listeners of several streams: those of one stream after those of another, or in turns. */
  readonly order?: 'one-by-one' | 'in-turns'
}

/** Report of the listeners. Bytes, frames, reads, gaps and delays are since `restart`, all other totals since the start. */
export interface LoadReport {
  readonly listeners: number
  readonly stalled: number
  /** Listeners that have not received anything yet. */
  readonly unanswered: number
  readonly connections: number
  /** Listeners whose connection failed, and visitors that received nothing. */
  readonly refused: number
  /** Listeners whose response the server ended. */
  readonly ended: number
  readonly reads: number
  /** Bytes that were checked and found right. */
  readonly bytes: number
  readonly frames: number
  /** Frames missing within the sequence. */
  readonly skipped: number
  /** Frames that are not whole, or out of order. */
  readonly corrupt: number
  /** Longest time that any listener waited for bytes. */
  readonly longestGapMs: number
  /** From writing a frame to the pipe until a listener has all of it. */
  readonly delayMs: { readonly p50: number; readonly p99: number; readonly p999: number; readonly max: number }
  /** Total CPU time of the process, in microseconds. */
  readonly cpuUs: number
}

export interface Load {
  /**
   * Connects `count` more listeners. Resolves when each has received its first bytes or failed, or after a timeout.
   * @param rate connections per second.
   */
  open(count: number, rate?: number): Promise<void>
  /** Connects `count` more listeners that never read the stream. */
  stall(count: number, rate?: number): Promise<void>
  /** Connects `rate` visitors per second from now on; each stays for 0.5 to 1.5 s. */
  visit(rate: number): void
  /**
   * Sets the interval at which listeners poll for bytes, in milliseconds. It saves the server's machine wake-ups of listeners
   * at each write, which cost as much as a part of the write, and which remote listeners would not need. Delays grow by at most
   * this interval.
   */
  poll(intervalMs: number): void
  /** Restarts the counters. */
  restart(): void
  report(): Promise<LoadReport>
  /** Disconnects all listeners at once. */
  leave(): Promise<void>
  stop(): Promise<void>
}

/** Timeout for first bytes, in milliseconds. */
const ANSWER_WITHIN_MS = 10_000
/**
 * Poll interval where CPU time matters more than delays, in milliseconds: it saves the server the wake-ups, which cost more on a
 * slower machine.
 */
export const POLL_INTERVAL_MS = 2
/** Default connections per second. */
const RATE = 5000

/** Starts a process for the listeners. */
export async function startLoad(
  { port, path, streams = 0, order = 'one-by-one' }: Place,
  content: Content,
): Promise<Load> {
  const child = startChild(await compiled('listeners'), [String(port), path, content, String(streams), order])
  async function request(command: string, answer: RegExp): Promise<string> {
    const answered = child.line(answer)
    child.send(command)
    const [text] = await answered
    return text
  }
  async function connect(command: string, count: number, rate: number): Promise<void> {
    const abort = new AbortController()
    const timeout = sleep((count / rate) * 1000 + ANSWER_WITHIN_MS, undefined, abort).catch(() => undefined)
    await Promise.race([request(`${command} ${count} ${rate}`, /^ready$/), timeout])
    abort.abort()
  }
  return {
    open: (count, rate = RATE) => connect('open', count, rate),
    stall: (count, rate = RATE) => connect('stall', count, rate),
    visit: (rate) => child.send(`visit ${rate}`),
    poll: (intervalMs) => child.send(`poll ${intervalMs}`),
    restart: () => child.send('restart'),
    report: async () => JSON.parse(await request('report', /^\{.*\}$/)) as LoadReport,
    async leave() {
      await request('leave', /^left$/)
    },
    stop: () => child.stop(),
  }
}
