import { randomInt } from 'node:crypto'

/** Without characters that look alike, because users read the token from one screen and type it on another. */
const LETTERS = 'abcdefghjkmnpqrstuvwxyz23456789'
/** `kx7m-p2hd-w9ce`: 59 bits. */
const GROUPS = [4, 4, 4]

/** Makes a random token, which permits publishing from a browser. */
export function makeUpToken(): string {
  return GROUPS.map((length) => Array.from({ length }, letter).join('')).join('-')
}

function letter(): string | undefined {
  return LETTERS[randomInt(LETTERS.length)]
}
