/** Many listeners, for machines without a C compiler; `listeners.c` does the same with a tenth of the CPU time: see load.ts. */

import type { Socket } from 'node:net'
import { createInterface } from 'node:readline'
import { setTimeout as sleep } from 'node:timers/promises'
import { type Content, type Listener, openListener, openStalled, waitedMs } from './listener.ts'
import type { LoadReport } from './load.ts'
import { createTally, restartTally } from './tally.ts'

/** Interval between checks for listeners that are due to connect, in milliseconds. */
const TICK_MS = 5

const [port, path = '/', content = 'frames'] = process.argv.slice(2)
const place = { port: Number(port), path }
const tally = createTally()
const listeners = new Set<Listener>()
const stalled = new Set<Socket>()
let refused = 0
let unanswered = 0

/** Connects `count` listeners, `rate` per second. @returns when each has received bytes or failed. */
async function letCome(count: number, rate: number, come: () => Promise<void>): Promise<void> {
  const startedMs = performance.now()
  const coming: Promise<void>[] = []
  while (coming.length < count) {
    await sleep(TICK_MS)
    const due = Math.min(count, ((performance.now() - startedMs) / 1000) * rate)
    while (coming.length < due) coming.push(answered(come()))
  }
  await Promise.all(coming)
  console.log('ready')
}

async function answered(arrival: Promise<void>): Promise<void> {
  unanswered++
  await arrival.catch(() => {
    refused++
  })
  unanswered--
}

async function listen(): Promise<void> {
  const listener = await openListener(place, content as Content, tally)
  listeners.add(listener)
  listener.socket.once('close', () => {
    if (listeners.delete(listener)) tally.ended++
  })
}

async function stall(): Promise<void> {
  const socket = await openStalled(place)
  stalled.add(socket)
  socket.once('close', () => {
    if (stalled.delete(socket)) tally.ended++
  })
}

function leave(): void {
  const sockets = [...stalled, ...[...listeners].map(({ socket }) => socket)]
  listeners.clear()
  stalled.clear()
  for (const socket of sockets) socket.destroy()
  console.log('left')
}

function report(): LoadReport {
  const { verdict, reads, delays, ended } = tally
  const { user, system } = process.cpuUsage()
  const [p50 = 0, p99 = 0, p999 = 0, max = 0] = [0.5, 0.99, 0.999, 1].map((part) => delays.quantileMs(part))
  return {
    listeners: listeners.size,
    stalled: stalled.size,
    unanswered,
    refused,
    ended,
    reads,
    ...verdict,
    longestGapMs: [...listeners].reduce((gap, one) => Math.max(gap, waitedMs(one, tally)), tally.longestGapMs),
    delayMs: { p50, p99, p999, max },
    cpuUs: user + system,
  }
}

const commands = createInterface({ input: process.stdin })
commands.on('close', () => process.exit())
commands.on('line', (line) => {
  const [command, count, rate] = line.split(' ')
  if (command === 'open') void letCome(Number(count), Number(rate), listen)
  if (command === 'stall') void letCome(Number(count), Number(rate), stall)
  if (command === 'restart') restartTally(tally)
  if (command === 'report') console.log(JSON.stringify(report()))
  if (command === 'leave') leave()
})
