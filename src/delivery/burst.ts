import type { Burst } from '../ring/cursor.ts'

/** Block size of Chromium's reader, in bytes. Playback starts only after a whole block, whatever its duration. */
const BLOCK_BYTES = 32 * 1024
const US_PER_MS = 1000

/** Burst after which players start at once, in milliseconds. */
export const ENOUGH_MS = 2_000

/**
 * Burst with which players start at once: 2 s, or more to fill a block, but at most 20 s, which fills it from 13 kbit/s on. It costs
 * no delay: a browser that gets less waits until the block is full.
 */
const ENOUGH: Burst = { us: ENOUGH_MS * US_PER_MS, bytes: BLOCK_BYTES, mostUs: 20_000_000 }

/** @param ms distance from the newest frame to the start, in milliseconds; undefined: as much as players need. */
export function burstOf(ms: number | undefined): Burst {
  return ms === undefined ? ENOUGH : { us: ms * US_PER_MS, bytes: 0, mostUs: 0 }
}
