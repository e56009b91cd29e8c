import { randomBytes } from 'node:crypto'
import type { Epoch, EpochPlace, EpochStart } from './epoch.ts'

/** Length of the name of an epoch, in bytes. */
const ID_BYTES = 6

/**
 * Marks an epoch whose frames are cut here. Files that follow one another are one epoch for others, as they are one for players; but
 * not in Ogg, whose links have headers of their own.
 * @param before the epoch before it; undefined: there was none
 * @param now in milliseconds since 1970
 */
export function markEpoch(
  { from, us, isOther, followsOn, header }: Omit<EpochStart, 'mark'>,
  before: Epoch | undefined,
  isOgg: boolean,
  now: number,
): EpochPlace {
  const isSame = before !== undefined && followsOn && !isOther && !isOgg && header.equals(before.header)
  if (isSame && before.mark !== undefined) return { ...before.mark, seq: from, extra: 0, us: before.positionAt(us) }
  return { id: randomBytes(ID_BYTES).toString('hex'), seq: from, extra: 0, us: 0, beganAt: now }
}
