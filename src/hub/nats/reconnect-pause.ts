/** Longest random pause before each server is tried once, in milliseconds: the clients of a dead server do not connect in one instant. */
const FIRST_PAUSE_MS = 20
/** Pause once each server was tried, and the longest one, in milliseconds. */
const [SECOND_PAUSE_MS, LONGEST_PAUSE_MS] = [100, 2_000] as const
/** Random share of these pauses. */
const SPREAD = 0.5
/** First and longest time for a connection with TLS and password, in milliseconds. */
const [FIRST_TRY_MS, LONGEST_TRY_MS] = [1_000, 8_000] as const

/**
 * Returns the pause before a server is tried, in milliseconds. Each server is tried at once; then the pause doubles, up to 2 s.
 * @param failures those in a row
 * @param servers number of servers
 * @param random from 0 to below 1
 */
export function reconnectPause(failures: number, servers: number, random: number): number {
  if (failures < servers) return FIRST_PAUSE_MS * random
  const pauseMs = Math.min(LONGEST_PAUSE_MS, SECOND_PAUSE_MS * 2 ** Math.min(failures - servers, 10))
  return pauseMs * (1 - SPREAD * random)
}

/**
 * Returns the time for one try, in milliseconds. It is short while there are others to try, because a server may be stopped or
 * cut off, and doubles with each round, because it may also be far away.
 */
export function tryTime(failures: number, servers: number): number {
  return Math.min(LONGEST_TRY_MS, FIRST_TRY_MS * 2 ** Math.min(Math.floor(failures / servers), 10))
}
