import { closeSync, openSync, readFileSync } from 'node:fs'
import type { Socket } from 'node:net'

/**
 * A connection that there is no descriptor for is closed by Node without a word. So the last ones are kept back: for saying
 * that there is no room, and for sources, which need some when they are opened again.
 */
const KEPT_BACK = 48
/** Of a small limit no more than this part is kept back. */
const MOST_OF_LIMIT = 0.25

/** Of those that are kept back, connections that are refused leave this part. */
const LINGERING = 0.75

/** Says whether connections may stay. */
export interface Descriptors {
  /** True when this connection took one of those that are kept back. */
  isKeptBack(socket: Socket): boolean
  /** True when only those are free, whatever the ones that are in use were taken by. */
  areScarce(): boolean
  /** True when a connection that is refused may be kept for a moment, so that its answer is not lost. */
  mayLinger(socket: Socket): boolean
  /** True when few even of those are left. */
  isDesperate(socket: Socket): boolean
}

/** @param limit how many descriptors this process may have. */
export function watchDescriptors(limit = openFilesLimit()): Descriptors {
  const keptBack = Math.min(KEPT_BACK, limit * MOST_OF_LIMIT)
  return {
    isKeptBack: (socket) => numberOf(socket) >= limit - keptBack,
    areScarce: () => lowestFree() >= limit - keptBack,
    mayLinger: (socket) => numberOf(socket) < limit - keptBack * LINGERING,
    isDesperate: (socket) => numberOf(socket) >= limit - keptBack / 2,
  }
}

/** The lowest one that is free is given (POSIX, accept), so that its number says how many are in use, whoever uses them. */
function numberOf(socket: Socket & { readonly _handle?: { readonly fd?: number } | null }): number {
  const { _handle: handle } = socket
  return handle?.fd ?? 0
}

function lowestFree(): number {
  try {
    const fd = openSync('/dev/null', 'r')
    closeSync(fd)
    return fd
  } catch {
    return Number.POSITIVE_INFINITY
  }
}

/** In `/proc/self/limits` (proc(5)); elsewhere the limit is not known, and nothing is kept back. */
function openFilesLimit(): number {
  try {
    const [, soft] = /^Max open files +(\d+)/m.exec(readFileSync('/proc/self/limits', 'latin1')) ?? []
    return soft === undefined ? Number.POSITIVE_INFINITY : Number(soft)
  } catch {
    return Number.POSITIVE_INFINITY
  }
}
