/**
 * Many listeners in a process of their own, so that their cost is not the server's: `listeners.js PORT COUNT CHECKED`.
 * It prints `ready` when all of them get bytes. Told `restart` on standard input it starts to count anew; told `report` it
 * prints a line of JSON.
 */

import { createInterface } from 'node:readline'
import { type Listener, openListener, restartCounts } from './listener.ts'

/** How many connect at the same time. */
const IN_FLIGHT = 100

/** What `report` prints. Counts are since `restart`, those of frames since the start. */
export interface ListenersReport {
  readonly listeners: number
  /** Listeners whose response the server ended. */
  readonly ended: number
  readonly bytes: number
  /** Of the listener that got the fewest. */
  readonly leastBytes: number
  /** The longest time that any listener waited for bytes. In milliseconds. */
  readonly longestGapMs: number
  /** Of the listeners that look at them. */
  readonly frames: number
  readonly lost: number
  readonly corrupt: number
  /** CPU time of this process so far. In microseconds. */
  readonly cpuUs: number
}

const [port = 0, count = 0, checked = 0] = process.argv.slice(2).map(Number)

async function openAll(): Promise<Listener[]> {
  const opened: Listener[] = []
  let next = 0
  const openSome = async () => {
    while (next < count) opened.push(await openListener(port, next++ < checked))
  }
  await Promise.all(Array.from({ length: IN_FLIGHT }, openSome))
  return opened
}

function report(listeners: readonly Listener[]): ListenersReport {
  const sum = (value: (listener: Listener) => number) => listeners.reduce((total, one) => total + value(one), 0)
  const { user, system } = process.cpuUsage()
  return {
    listeners: listeners.length,
    ended: sum((one) => Number(one.ended)),
    bytes: sum((one) => one.bytes),
    leastBytes: Math.min(...listeners.map((one) => one.bytes)),
    longestGapMs: Math.max(...listeners.map((one) => one.longestGapMs)),
    frames: sum((one) => one.check?.frames ?? 0),
    lost: sum((one) => one.check?.lost ?? 0),
    corrupt: sum((one) => one.check?.corrupt ?? 0),
    cpuUs: user + system,
  }
}

const commands = createInterface({ input: process.stdin })

const listeners = await openAll()
commands.on('line', (command) => {
  if (command === 'restart') for (const listener of listeners) restartCounts(listener)
  if (command === 'report') console.log(JSON.stringify(report(listeners)))
})
console.log('ready')
