import { randomInt } from 'node:crypto'

/** Without what looks like something else: it is read from one screen and typed at another. */
const LETTERS = 'abcdefghjkmnpqrstuvwxyz23456789'
/** `kx7m-p2hd-w9ce`: 59 bits. */
const GROUPS = [4, 4, 4]

/** Makes up a token for whoever goes on the air from a browser. */
export function makeUpToken(): string {
  return GROUPS.map((length) => Array.from({ length }, letter).join('')).join('-')
}

function letter(): string | undefined {
  return LETTERS[randomInt(LETTERS.length)]
}
