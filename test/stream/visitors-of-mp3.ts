import { createMp3 } from '../../filters/mpeg/mp3.ts'
import { DEFAULTS } from '../filters/run-filter.ts'
import { MemoryListener, type Write } from './listeners-in-memory.ts'
import type { LongRun } from './long-run.ts'

/** Checks all frames of a listener, and stores none of them. */
function inspector() {
  const filter = createMp3(DEFAULTS)
  const found = { frames: 0, leadIns: 0, skippedBytes: 0 }
  const count = () => {
    found.frames++
  }
  return {
    found,
    take({ before, bytes }: Write) {
      if (before.length > 0) found.leadIns++
      filter.push(before, count)
      filter.push(bytes, count)
    },
    end() {
      filter.end(count)
      found.skippedBytes = filter.skippedBytes
    },
  }
}

/** Record of a listener's visit. */
export interface Visit {
  readonly listener: MemoryListener
  readonly inspected: ReturnType<typeof inspector>
  readonly firstCursor: number
}

/** Adds a listener. @param alsoTo receives the writes of this listener, too. */
export function visit({ delivery, stream }: LongRun, isSlow = false, alsoTo: (write: Write) => void = () => {}): Visit {
  const inspected = inspector()
  const take = (write: Write) => {
    inspected.take(write)
    alsoTo(write)
  }
  const listener = new MemoryListener(delivery, take, isSlow)
  const { cursor, framesSent } = listener.listener
  return { listener, inspected, firstCursor: framesSent === 0 ? stream.ring.next : cursor - framesSent }
}

/** @returns faults of a visit that has ended. */
export function faultsOf({ listener: { listener }, inspected, firstCursor }: Visit): string[] {
  inspected.end()
  const { frames, leadIns, skippedBytes } = inspected.found
  const faults: string[] = []
  if (frames !== listener.framesSent + leadIns) faults.push(`${frames} frames of ${listener.framesSent} + ${leadIns}`)
  if (skippedBytes > 0) faults.push(`${skippedBytes} bytes that were no frame`)
  const passed = listener.cursor - firstCursor
  if (passed !== listener.framesSent + listener.framesSkipped) faults.push(`${passed} frames went by`)
  return faults
}
