/** Delays of frames from an origin to an edge, from what `delay-probe.ts` has noted. */

import type { Child } from './child.ts'
import { quantile } from './statistics.ts'

/** Loaded before an origin or an edge. */
export const DELAY_PROBE = './delay-probe.js'

/** Times of frames, by the stamp in each. */
type Noted = ReadonlyMap<string, { readonly ring: number; readonly published: number }>

/** Quantiles of delays, in milliseconds. */
export interface Delays {
  readonly frames: number
  readonly p50: number
  readonly p99: number
  readonly most: number
}

/** Makes a program note the times of frames from now on. */
export async function startNoting(program: Child): Promise<void> {
  const answer = program.line(/^noting$/)
  process.kill(program.pid, 'SIGUSR2')
  await answer
}

/** Returns what a program has noted. */
export async function endNoting(program: Child): Promise<Noted> {
  const noted = new Map<string, { ring: number; published: number }>()
  const answer = program.line(/^noted$/, (line) => {
    const [stamp = '', ring, published] = line.split(' ')
    if (/^\d+$/.test(stamp)) noted.set(stamp, { ring: Number(ring), published: Number(published) })
  })
  process.kill(program.pid, 'SIGUSR2')
  await answer
  return noted
}

/** From the publication of a message until its frames are in the edge's ring. */
export function sinceMessage(edge: Noted): Delays {
  return delaysOf(
    [...edge.values()].filter(({ published }) => published > 0).map((times) => times.ring - times.published),
  )
}

/** From the origin's ring to the edge's: with the time that frames wait for those of the same message. */
export function sinceRing(origin: Noted, edge: Noted): Delays {
  const delays = [...edge].map(([stamp, { ring }]) => ring - (origin.get(stamp)?.ring ?? Number.NaN))
  return delaysOf(delays.filter((delay) => !Number.isNaN(delay)))
}

function delaysOf(delays: readonly number[]): Delays {
  const [p50, p99, most] = [0.5, 0.99, 1].map((part) => quantile(delays, part))
  return { frames: delays.length, p50: p50 ?? Number.NaN, p99: p99 ?? Number.NaN, most: most ?? Number.NaN }
}
