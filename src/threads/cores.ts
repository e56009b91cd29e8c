import { availableParallelism } from 'node:os'
import type { Logger } from '@logtape/logtape'

/** Systems that spread connections over all listeners of a port, as far as Node.js supports that (libuv, uv_tcp_bind). */
const SPREADING = new Set<NodeJS.Platform>(['linux', 'freebsd'])

/** Options that determine the number of delivery threads. */
export interface CoreWishes {
  /** 0: all cores. */
  readonly cpuMax: number
  /** User to change to once the port is bound. */
  readonly uid: string | number | undefined
}

/** Returns the number of threads that may deliver, main thread included. Logs when more were requested than are possible. */
export function coresToUse({ cpuMax, uid }: CoreWishes, log: Logger): number {
  const wanted = cpuMax === 0 ? availableParallelism() : cpuMax
  const reason = whyNotShared(uid)
  if (reason === undefined) return wanted
  if (cpuMax > 1) log.warn('delivery threads disabled', { reason })
  return 1
}

/** Why threads cannot listen at one port. @param node version of Node.js; all from 22.12 on support it, except 23.0 */
export function whyNotShared(
  uid: CoreWishes['uid'],
  node = process.versions.node,
  platform: NodeJS.Platform = process.platform,
): string | undefined {
  const [major = 0, minor = 0] = node.split('.').map(Number)
  const isNewEnough = major > 23 || (major === 23 && minor >= 1) || (major === 22 && minor >= 12)
  if (!isNewEnough) return `they need Node.js 22.12 or newer, and this is ${node}`
  if (!SPREADING.has(platform)) return 'threads cannot share a port on this system'
  if (uid !== undefined) return 'threads share a port only as one user, and -uid changes the user'
  return undefined
}
