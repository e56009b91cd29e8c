import { closeSync, openSync, readFileSync } from 'node:fs'
import type { Socket } from 'node:net'

/**
 * Reserved descriptors. Node.js closes a connection without a response when it lacks a descriptor, so the last ones are kept
 * for refusals, and for sources, which need some when they are opened again.
 */
const KEPT_BACK = 48
/** Maximum share of a small limit that is reserved. */
const MOST_OF_LIMIT = 0.25

/** Share of the descriptors in use at which a person should know it. */
const NEARLY_ALL = 0.9

/** Share of the reserved descriptors that refused connections must leave free. */
const LINGERING = 0.75

/** Descriptors of this process. */
export interface DescriptorUse {
  /** Number in use, at least: the lowest free one. */
  readonly used: number
  /** Maximum number; Infinity: not known. */
  readonly limit: number
  /** Nine of ten are in use, or all but the reserved ones. */
  readonly areNearlyAll: boolean
}

/** Decides by the number of descriptors in use whether connections may stay. */
export interface Descriptors {
  /** True when this connection has a reserved descriptor. */
  isKeptBack(socket: Socket): boolean
  /** True when only reserved descriptors are free. */
  areScarce(): boolean
  /** True when a refused connection may stay open for a moment, so that its response is not lost. */
  mayLinger(socket: Socket): boolean
  /** True when few of the reserved descriptors are free, too. */
  isDesperate(socket: Socket): boolean
}

/** @param limit maximum number of descriptors of this process. */
export function watchDescriptors(limit = openFilesLimit()): Descriptors {
  const keptBack = keptBackOf(limit)
  return {
    isKeptBack: (socket) => numberOf(socket) >= limit - keptBack,
    areScarce: () => lowestFree() >= limit - keptBack,
    mayLinger: (socket) => numberOf(socket) < limit - keptBack * LINGERING,
    isDesperate: (socket) => numberOf(socket) >= limit - keptBack / 2,
  }
}

/** Returns how many descriptors this process uses. */
export function descriptorUse(): DescriptorUse {
  const limit = openFilesLimit()
  const used = Math.min(lowestFree(), limit)
  return { used, limit, areNearlyAll: used >= Math.min(limit * NEARLY_ALL, limit - keptBackOf(limit)) }
}

function keptBackOf(limit: number): number {
  return Math.min(KEPT_BACK, limit * MOST_OF_LIMIT)
}

/** accept(2) returns the lowest free descriptor (POSIX), so its number is that of the descriptors in use. */
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
