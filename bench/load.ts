/** The listeners of a measurement, in a process of their own, so that what they cost is not the server's. */

import { setTimeout as sleep } from 'node:timers/promises'
import { fileURLToPath } from 'node:url'
import { type Child, startChild } from './child.ts'
import { compiled } from './compiled.ts'
import type { Content, Place } from './listener.ts'

/** What the listeners say. Bytes, frames, reads, gaps and delays are since `restart`, what went wrong since the start. */
export interface LoadReport {
  readonly listeners: number
  readonly stalled: number
  /** Those who have not got anything yet. */
  readonly unanswered: number
  /** Those who never will, for their connection failed. */
  readonly refused: number
  /** Those whose response the server ended. */
  readonly ended: number
  readonly reads: number
  /** Bytes that were looked at and found right. */
  readonly bytes: number
  readonly frames: number
  /** Frames left out between two others. */
  readonly skipped: number
  /** Frames that are not whole, or out of order. */
  readonly corrupt: number
  /** The longest time that any listener waited for bytes. */
  readonly longestGapMs: number
  /** From the writing of a frame to the pipe until a listener has all of it. */
  readonly delayMs: { readonly p50: number; readonly p99: number; readonly p999: number; readonly max: number }
  /** CPU time of the process so far. In microseconds. */
  readonly cpuUs: number
}

export interface Load {
  /**
   * Lets so many more listen. Resolved when each has got its first bytes or
   * failed, or after some time.
   * @param rate how many come each second.
   */
  open(count: number, rate?: number): Promise<void>
  /** Lets so many more ask for the stream and take nothing of it. */
  stall(count: number, rate?: number): Promise<void>
  /**
   * Lets the listeners look for bytes only so often, in milliseconds: listeners elsewhere do not have to be woken by the server's
   * own machine at each write, which costs it as much as a part of the write. It makes delays longer by so much at most. Listeners
   * in Node do not know of it.
   */
  nap(ms: number): void
  /** Begins to count anew. */
  restart(): void
  report(): Promise<LoadReport>
  /** Lets all of them go at once. */
  leave(): Promise<void>
  stop(): Promise<void>
}

/** Whoever has got nothing after this time is not waited for. In milliseconds. */
const ANSWER_WITHIN_MS = 10_000
/** A nap where CPU time counts more than delays: no server has to wake them, which is dearer the slower it is. In milliseconds. */
export const NAP_MS = 2
/** How many come each second when nothing is said. */
const RATE = 5000

/** Starts a process that will have the listeners. @param inC where it can be compiled; otherwise they are in Node. */
export async function startLoad({ port, path }: Place, content: Content, inC = true): Promise<Load> {
  const args = [String(port), path, content]
  const program = inC ? await compiled('listeners') : undefined
  if (program !== undefined) return commander(startChild(program, args))
  // Not by startScript: what is loaded first there would swallow the first commands.
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
