/** First and longest pause before a retry, in milliseconds. Listeners should be back within 5 s of a server's restart. */
const FIRST_PAUSE_MS = 250
const LONGEST_PAUSE_MS = 3_000
/** Random share of a pause, so that clients disconnected together do not reconnect together. */
const SPREAD = 0.25

/**
 * Returns the pause before a connection is opened again, in milliseconds: it doubles with each loss in a row.
 * @param losses those before this one, since the last connection that worked
 * @param random from 0 to below 1
 */
export function retryPause(losses: number, random: number): number {
  return Math.min(LONGEST_PAUSE_MS, FIRST_PAUSE_MS * 2 ** losses) * (1 - SPREAD * random)
}
