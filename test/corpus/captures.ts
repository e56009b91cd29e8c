import { setTimeout } from 'node:timers/promises'
import type { Test } from 'tap'
import { type Listener, listenPlainly } from '../decode/listener.ts'
import { type Server, startServer } from '../streamserve.ts'

/** Part of the stream that has been sent when a listener joins, of each. */
const JOIN_AT = [0.45, 0.75]
/** Path of listeners that join late, with a short burst. */
const JOIN = '/?burst=500ms'
/** Duration in which a played file is sent, except for the burst; in milliseconds. */
const PLAY_MS = 1500
/** Timeout for the first bytes of a listener, in milliseconds. */
const PATIENCE_MS = 2_000

/** Bytes received by a listener. */
export interface Capture {
  readonly name: string
  readonly joinedLate: boolean
  readonly bytes: Buffer
}

/** Owner of the resources that are opened for a file. */
export type Owner = Pick<Test, 'teardown'>

/** Feeds a file through a pipe, and captures what listeners receive. */
export async function capturePiped(owner: Owner, bytes: Buffer): Promise<Capture[]> {
  const server = await startServer(owner, ['-reopen=false'], { stdin: 'pipe' })
  // A program that refuses a format ends before it has read everything.
  server.child.stdin?.on('error', () => {})
  const listeners = [listen(owner, server.port)]
  await joined(server, 1)
  let fed = 0
  for (const part of JOIN_AT) {
    const next = Math.round(bytes.length * part)
    server.child.stdin?.write(bytes.subarray(fed, next))
    fed = next
    await begun(listeners[0])
    listeners.push(listen(owner, server.port, JOIN))
    await begun(listeners.at(-1))
  }
  server.child.stdin?.end(bytes.subarray(fed))
  return collect('pipe', listeners)
}

/** Plays a file in real time, all but its last second or two at once. @param seconds its duration. */
export async function capturePlayed(owner: Owner, path: string, seconds: number): Promise<Capture[]> {
  const burstMs = Math.max(100, Math.round(seconds * 1000 - PLAY_MS))
  const server = await startServer(owner, ['-loop=false', '-burst', `${burstMs}ms`, '-play', path])
  const listeners = [listen(owner, server.port)]
  await begun(listeners[0])
  const spareMs = Math.min(PLAY_MS, seconds * 1000)
  for (const part of JOIN_AT) {
    await Promise.race([setTimeout((part * spareMs) / 2), server.exited])
    listeners.push(listen(owner, server.port, JOIN))
  }
  return collect('-play', listeners)
}

/** Connects a listener; the program may have ended already. */
function listen(owner: Owner, port: number, path?: string): Listener {
  const listener = listenPlainly(owner, port, undefined, path)
  listener.begun.catch(() => {})
  return listener
}

async function joined(server: Server, count: number): Promise<void> {
  await server.loggedTimes(/listener (came|connected)/, count)
}

async function begun(listener: Listener | undefined): Promise<void> {
  const late = new AbortController()
  const { signal } = late
  // A program that refuses a format resets connections when it ends.
  const came = listener?.begun.catch(() => {})
  await Promise.race([came, listener?.closed, setTimeout(PATIENCE_MS, undefined, { signal })])
  late.abort()
}

async function collect(way: string, listeners: readonly Listener[]): Promise<Capture[]> {
  const bodies = await Promise.all(listeners.map(({ closed }) => closed))
  return bodies.map((bytes, i) => ({
    name: i === 0 ? `${way}, from the start` : `${way}, late ${i}`,
    joinedLate: i > 0,
    bytes,
  }))
}
