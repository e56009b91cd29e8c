import type { ByteQueue } from '../bytes/byte-queue.ts'

/** Whether a header or a stream may begin with these two bytes; the second may be still unknown. */
export function isCandidate(first: number, second: number | undefined): boolean {
  if (first === 0xff) return second === undefined || (second & 0xfe) === 0xf8
  return first === 0x66 && (second === undefined || second === 0x4c)
}

/** @returns how many bytes to pass over, at least one, to get to where something may begin, or to the end of the chunk. */
export function nextCandidate({ front, head }: ByteQueue): number {
  let at = head + 1
  while (at < front.length && !isCandidate(front[at] ?? 0, front[at + 1])) at++
  return at - head
}
