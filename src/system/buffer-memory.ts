import { totalmem } from 'node:os'

/** Part of the machine's memory that buffers may take by default: a small box has other work, too. */
const PART_OF_MACHINE = 1 / 8
/** Default limit for each thread, in bytes: what the largest rings need, and large writes to hundreds of slow listeners. */
const MOST_PER_THREAD = 128 * 1024 * 1024

/** Limits of each delivery thread, in bytes. */
export interface BufferMemory {
  /** Frames in all rings, and what they cost. */
  readonly ring: number
  /** Writes that clients have not taken yet. */
  readonly writes: number
}

/**
 * @param wanted limit of all buffers of the program, in bytes; undefined: an eighth of the machine's memory.
 * @param threads threads that may deliver at the same time.
 * @param machine memory of the machine, or of the control group when that is less, in bytes.
 */
export function bufferMemory(wanted: number | undefined, threads: number, machine = machineMemory()): BufferMemory {
  const all = wanted ?? Math.min(MOST_PER_THREAD * threads, machine * PART_OF_MACHINE)
  const half = all / threads / 2
  return { ring: half, writes: half }
}

function machineMemory(): number {
  const constrained = process.constrainedMemory()
  // 0, or more than there is: no limit is set (process.constrainedMemory).
  return constrained > 0 ? Math.min(constrained, totalmem()) : totalmem()
}
