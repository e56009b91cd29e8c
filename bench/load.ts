/** Listeners of a measurement, in a separate process, so that their cost is not counted as the server's. */

import { setTimeout as sleep } from 'node:timers/promises'
import { fileURLToPath } from 'node:url'
import { type Child, startChild } from './child.ts'
import { compiled } from './compiled.ts'
import type { Content, Place } from './listener.ts'

/** Report of the listeners. Bytes, frames, reads, gaps and delays are since `restart`, faults since the start. */
export interface LoadReport {
  readonly listeners: number
  readonly stalled: number
  /** Listeners that have not received anything yet. */
  readonly unanswered: number
  /** Listeners whose connection failed. */
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
  /**
   * Sets the interval at which listeners poll for bytes, in milliseconds. It saves the server's machine wake-ups of listeners
   * at each write, which cost as much as a part of the write, and which remote listeners would not need. Delays grow by at most
   * this interval. Listeners in Node ignore it.
   */
  nap(ms: number): void
  /** Restarts the counters. */
  restart(): void
  report(): Promise<LoadReport>
  /** Disconnects all of them at once. */
  leave(): Promise<void>
  stop(): Promise<void>
}

/** Timeout for first bytes, in milliseconds. */
const ANSWER_WITHIN_MS = 10_000
/**
 * Nap where CPU time matters more than delays, in milliseconds: it saves the server the wake-ups, which cost more on a slower
 * machine.
 */
export const NAP_MS = 2
/** Default connections per second. */
const RATE = 5000

/** Starts a process for the listeners. @param inC use the C program where it can be compiled; otherwise Node. */
export async function startLoad({ port, path }: Place, content: Content, inC = true): Promise<Load> {
  const args = [String(port), path, content]
  const program = inC ? await compiled('listeners') : undefined
  if (program !== undefined) return commander(startChild(program, args))
  // Not by startScript: its preloads would consume the first commands.
  return commander(startChild(process.execPath, [fileURLToPath(new URL('./listeners.js', import.meta.url)), ...args]))
}

function commander(child: Child): Load {
  async function ask(line: string, answer: RegExp): Promise<string> {
    const answered = child.says(answer)
    child.tell(line)
    const [text] = await answered
    return text
  }
  const come = async (how: string, count: number, rate: number) => {
    const patience = new AbortController()
    const enough = sleep((count / rate) * 1000 + ANSWER_WITHIN_MS, undefined, patience).catch(() => undefined)
    await Promise.race([ask(`${how} ${count} ${rate}`, /^ready$/), enough])
    patience.abort()
  }
  return {
    open: (count, rate = RATE) => come('open', count, rate),
    stall: (count, rate = RATE) => come('stall', count, rate),
    nap: (ms) => child.tell(`nap ${ms}`),
    restart: () => child.tell('restart'),
    report: async () => JSON.parse(await ask('report', /^\{.*\}$/)) as LoadReport,
    async leave() {
      await ask('leave', /^left$/)
    },
    stop: () => child.stop(),
  }
}
