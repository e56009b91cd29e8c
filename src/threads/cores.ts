import { availableParallelism } from 'node:os'
import type { Logger } from '@logtape/logtape'

/** Where the system spreads connections over all who listen at a port, and Node knows it (libuv, uv_tcp_bind). */
const SPREADING = new Set<NodeJS.Platform>(['linux', 'freebsd'])

/** What says how many threads may deliver. */
export interface CoreWishes {
  /** 0: all cores. */
  readonly cpuMax: number
  /** The user to become once the port is bound. */
  readonly uid: string | number | undefined
}

/** How many threads may deliver, the main thread among them. It is said when somebody asked for more than can be. */
export function coresToUse({ cpuMax, uid }: CoreWishes, log: Logger): number {
  const wanted = cpuMax === 0 ? availableParallelism() : cpuMax
  const why = whyNotShared(uid)
  if (why === undefined) return wanted
  if (cpuMax > 1) log.warn('one core is used', { why })
  return 1
}

/** Why threads cannot listen at one port. @param node its version; all from 22.12 on can, but for 23.0 */
export function whyNotShared(
  uid: CoreWishes['uid'],
  node = process.versions.node,
  platform: NodeJS.Platform = process.platform,
): string | undefined {
  const [major = 0, minor = 0] = node.split('.').map(Number)
  const isNewEnough = major > 23 || (major === 23 && minor >= 1) || (major === 22 && minor >= 12)
  if (!isNewEnough) return `more take Node 22.12 or newer, and this is ${node}`
  if (!SPREADING.has(platform)) return 'on this system threads cannot share a port'
  if (uid !== undefined) return 'a port can be shared by one user only, and -uid makes it two'
  return undefined
}
