/**
 * SHA-crypt, the passwords `$5$` and `$6$` of crypt(3): "Unix crypt using SHA-256 and SHA-512" by Ulrich Drepper, version 0.6. The
 * comments name its steps.
 */
import { createHash } from 'node:crypto'

/** `$6$rounds=10000$salt$digest`; the rounds may be left out. */
const FORM = /^\$([56])\$(?:rounds=(\d{1,9})\$)?([^$:\n]{0,16})\$([./0-9A-Za-z]+)$/
const DEFAULT_ROUNDS = 5_000
const MIN_ROUNDS = 1_000
const DIGITS = './0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz'

/** One of the two algorithms. */
interface Algorithm {
  readonly hash: 'sha256' | 'sha512'
  /** Number of groups of three bytes in a digest; each group is turned by `turn` places more than the one before. */
  readonly groups: number
  readonly turn: 1 | 2
  /** Bytes behind the groups, in the order in which they are written, and the number of their digits. */
  readonly rest: readonly number[]
  readonly restDigits: number
}

const SHA_256: Algorithm = { hash: 'sha256', groups: 10, turn: 2, rest: [31, 30], restDigits: 3 }
const SHA_512: Algorithm = { hash: 'sha512', groups: 21, turn: 1, rest: [63], restDigits: 2 }

/** Returns the digest of a password with the salt of a hash, and the digest of the hash, which are equal when the password is right. */
export function shaCryptDigests(password: string, hash: string): readonly [made: string, kept: string] {
  const [, kind, rounds, salt = '', kept = ''] = FORM.exec(hash) ?? []
  const algorithm = kind === '5' ? SHA_256 : SHA_512
  const count = rounds === undefined ? DEFAULT_ROUNDS : Math.max(MIN_ROUNDS, Number(rounds))
  return [encoded(digestOf(Buffer.from(password), Buffer.from(salt), count, algorithm), algorithm), kept]
}

function digestOf(password: Buffer, salt: Buffer, rounds: number, { hash }: Algorithm): Buffer {
  const digest = (...parts: readonly Buffer[]) => {
    const all = createHash(hash)
    for (const part of parts) all.update(part)
    return all.digest()
  }
  // Steps 4 to 8, and 1 to 12.
  const b = digest(password, salt, password)
  const bits = Array.from(password.length.toString(2), (bit) => (bit === '1' ? b : password)).toReversed()
  let a = digest(password, salt, repeated(b, password.length), ...(password.length === 0 ? [] : bits))
  // Steps 13 to 20: sequences as long as the password and the salt.
  const p = repeated(digest(...Array.from(password, () => password)), password.length)
  const s = repeated(digest(...Array.from({ length: 16 + (a[0] ?? 0) }, () => salt)), salt.length)
  // Step 21.
  for (let round = 0; round < rounds; round++) {
    const all = createHash(hash).update(round % 2 === 0 ? a : p)
    if (round % 3 !== 0) all.update(s)
    if (round % 7 !== 0) all.update(p)
    a = all.update(round % 2 === 0 ? p : a).digest()
  }
  return a
}

/** Returns the bytes, repeated and cut, in this length. */
function repeated(bytes: Buffer, length: number): Buffer {
  return Buffer.alloc(length, bytes)
}

/** Step 22: three bytes are four digits, the lowest first. */
function encoded(digest: Buffer, { groups, turn, rest, restDigits }: Algorithm): string {
  let text = ''
  for (let group = 0; group < groups; group++) {
    const row = [group, group + groups, group + 2 * groups]
    const start = (group * turn) % 3
    text += digitsOf([...row.slice(start), ...row.slice(0, start)], digest, 4)
  }
  return text + digitsOf(rest, digest, restDigits)
}

function digitsOf(places: readonly number[], digest: Buffer, count: number): string {
  let value = 0
  for (const place of places) value = value * 256 + (digest[place] ?? 0)
  let digits = ''
  for (let digit = 0; digit < count; digit++, value >>= 6) digits += DIGITS.charAt(value & 63)
  return digits
}
