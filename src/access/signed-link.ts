import { createHmac, timingSafeEqual } from 'node:crypto'

/** The time until which a link is valid, and its signature, as its query has them; null: it has none. */
export interface LinkQuery {
  readonly until: string | null
  readonly sign: string | null
}

/** What a link is: `none` has neither time nor signature. */
export type LinkState = 'none' | 'valid' | 'wrong' | 'late'

/** Unix time in seconds, without leading zeros: each time has one signature. */
const TIME = /^[1-9]\d{0,11}$/
const SIGNATURE = /^[0-9a-f]{64}$/i
const MS_PER_S = 1000

/**
 * Returns the signature of a link that ends, in hexadecimal: HMAC-SHA-256 of the path, a line feed and the time.
 * @param path decoded, without the query: `/radio.mp3` @param until Unix time in seconds, an integer @param key secret of the stream
 */
export function signatureOf(path: string, until: number, key: string): string {
  return createHmac('sha256', key).update(`${path}\n${until}`).digest('hex')
}

/** Judges a link. The time that it takes reveals nothing about the right signature. @param now Unix time in milliseconds */
export function linkStateOf(path: string, { until, sign }: LinkQuery, key: string, now: number): LinkState {
  if (until === null && sign === null) return 'none'
  if (until === null || sign === null || !TIME.test(until) || !SIGNATURE.test(sign)) return 'wrong'
  const expected = Buffer.from(signatureOf(path, Number(until), key), 'hex')
  if (!timingSafeEqual(Buffer.from(sign, 'hex'), expected)) return 'wrong'
  return Number(until) * MS_PER_S < now ? 'late' : 'valid'
}
