import type { Test } from 'tap'
import { type Server, startServer } from '../streamserve.ts'
import type { Part } from './formats.ts'
import { type Listener, listenPlainly } from './listener.ts'
import { createRandom } from './music.ts'
import { createSlowListeners, type SlowListeners } from './slow-listeners.ts'

/** Events during a stream. */
export interface Plan {
  /** Number of listeners that join at random times. */
  readonly joins: number
  /** Number of listeners that are made to skip. */
  readonly skips: number
  /** Number of slow listeners at a time. */
  readonly slowListeners: number
  /** Flags of the server besides those that the test needs. */
  readonly flags: readonly string[]
}

/** A plan short enough for every run of all tests; `npm run test:sound` does more. */
export const FEW: Plan = { joins: 4, skips: 2, slowListeners: 2, flags: [] }

/** A stream, and its known properties. */
export interface Programme {
  readonly source: Buffer
  /** In order. */
  readonly frames: readonly Buffer[]
  /** See `Format`. */
  readonly sameInAll: ((frame: Buffer) => Part) | undefined
  /** Slots of the ring. */
  readonly ringFrames: number
}

/** Bytes received by the listeners of a stream. */
export interface Captures {
  /** The listener that received the stream from the first frame to the last. */
  readonly follower: Buffer
  readonly joiners: readonly Buffer[]
  readonly slowListeners: readonly Buffer[]
}

/** A server with listeners. */
interface Air {
  readonly server: Server
  readonly follower: Listener
  readonly joiners: Listener[]
  readonly slowListeners: readonly SlowListeners[]
  /** Duration of a listener's stay, in bytes of the stream; a different number each time. */
  readonly stay: () => number
  /** A random number from 0 to 1 (exclusive). */
  readonly random: () => number
}

/** Part of the stream in which listeners join: early enough to receive some sound. */
const LAST_JOIN = 0.93
/**
 * Maximum number of frames that the server holds back until it has seen the following bytes, and headers until they are
 * complete.
 */
const HELD_FRAMES = 8
/** Number of frames from which the server recognizes the format, if the ring has room for them. */
const FIRST_FRAMES = 16
const LEAST_STAY_FRAMES = 6

/** Plays a stream from beginning to end, as fast as a listener that receives all of it can follow. */
export async function broadcast(t: Test, programme: Programme, plan: Plan): Promise<Captures> {
  const { source, frames, ringFrames } = programme
  const fixed = ['-source-buffer', String(ringFrames), '-burst', '300ms', '-max-delay', '2ms', '-client-timeout', '0']
  const server = await startServer(t, [...fixed, '-reopen=false', ...plan.flags], { stdin: 'pipe' })
  const random = createRandom(source.length)
  const frameBytes = source.length / frames.length
  const stay = () => frameBytes * (LEAST_STAY_FRAMES + random() * (ringFrames / 2 + 4))
  const follower = listenPlainly(t, server.port)
  await server.logged(/listener connected/)
  const lanes = Array.from({ length: plan.slowListeners }, (_, i) => Math.floor((plan.skips + i) / plan.slowListeners))
  const slowListeners = lanes.map((count) =>
    createSlowListeners(t, server.port, count, frameBytes * ringFrames, stay, random),
  )
  const air = { server, follower, joiners: [], slowListeners, stay, random }
  await play(t, programme, plan.joins, air)
  server.child.stdin?.end()
  const captures = {
    slowListeners: (await Promise.all(slowListeners.map((lane) => lane.end()))).flat(),
    joiners: await Promise.all(air.joiners.map((joiner: Listener) => joiner.closed)),
    follower: await follower.closed,
  }
  await server.exited
  return captures
}

/** Writes the stream to the server in pieces cut at random, each after the follower has received the one before. */
async function play(
  t: Test,
  { source, frames, sameInAll, ringFrames }: Programme,
  joins: number,
  { server, follower, joiners, slowListeners, stay, random }: Air,
): Promise<void> {
  const ends = endsOf(source, frames, sameInAll)
  const mostBytes = ((source.length / frames.length) * ringFrames) / 6
  const begin = ends[Math.min(ringFrames, FIRST_FRAMES) - 1] ?? source.length
  const lastJoin = source.length * LAST_JOIN
  const moments = Array.from({ length: joins }, () => begin + random() * (lastJoin - begin)).toSorted((a, b) => a - b)
  let whole = 0
  for (let fed = 0; fed < source.length; ) {
    const next = fed === 0 ? begin : fed + 1 + Math.floor(random() * mostBytes)
    server.child.stdin?.write(source.subarray(fed, next))
    fed = next
    while ((ends[whole] ?? Number.POSITIVE_INFINITY) <= fed) whole++
    const newest = frames.slice(Math.max(0, whole - HELD_FRAMES), whole)
    await follower.reached(newest)
    while ((moments[joiners.length] ?? Number.POSITIVE_INFINITY) <= fed) {
      joiners.push(listenPlainly(t, server.port, stay()))
    }
    if (fed > lastJoin) await Promise.all(joiners.map((joiner) => joiner.begun))
    await Promise.all(slowListeners.map((lane) => lane.step(fed, newest)))
  }
}

/** End of each frame in the stream, in bytes; there may be other data between frames. */
function endsOf(source: Buffer, frames: readonly Buffer[], sameInAll: Programme['sameInAll']): number[] {
  let end = 0
  return frames.map((frame) => {
    const { bytes, bytesBehind } = sameInAll?.(frame) ?? { bytes: frame, bytesBehind: 0 }
    end = source.indexOf(bytes, end) + bytes.length + bytesBehind
    return end
  })
}
