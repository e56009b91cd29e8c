import type { ByteQueue } from '../bytes/byte-queue.ts'

/** Whether a header or a stream may begin with these two bytes; the second may not be known yet. */
export function isCandidate(first: number, second: number | undefined): boolean {
  if (first === 0xff) return second === undefined || (second & 0xfe) === 0xf8
  return first === 0x66 && (second === undefined || second === 0x4c)
}

/** @returns the number of bytes, at least one, up to the next position where one may begin, or to the end of the chunk. */
export function nextCandidate({ front, head }: ByteQueue): number {
  let at = head + 1
  while (at < front.length && !isCandidate(front[at] ?? 0, front[at + 1])) at++
  return at - head
}
