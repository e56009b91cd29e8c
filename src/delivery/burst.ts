import type { Burst } from '../ring/cursor.ts'

/** Chromium begins when it has read a block of so many bytes, and shows nothing for shorter ones, however long they last. */
const BLOCK_BYTES = 32 * 1024
const US_PER_MS = 1000

/** Players begin with so much, or more, in milliseconds. */
export const ENOUGH_MS = 2_000

/** Enough for players to begin at once: 2 s, or as much as makes a block, but no more than 10 s. */
const ENOUGH: Burst = { us: ENOUGH_MS * US_PER_MS, bytes: BLOCK_BYTES, mostUs: 10_000_000 }

/** @param ms how far behind the newest frame somebody starts, in milliseconds; undefined: as far as players need it. */
export function burstOf(ms: number | undefined): Burst {
  return ms === undefined ? ENOUGH : { us: ms * US_PER_MS, bytes: 0, mostUs: 0 }
}
