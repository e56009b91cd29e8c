import { createHash, timingSafeEqual } from 'node:crypto'

/** Whether two secrets are the same. The time that it takes reveals nothing about them. */
export function isSameSecret(one: string, other: string): boolean {
  // Digests have the same length, which the comparison needs, and do not reveal the length of the secret.
  return timingSafeEqual(digest(one), digest(other))
}

function digest(text: string): Buffer {
  return createHash('sha256').update(text).digest()
}
