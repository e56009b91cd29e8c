import { createFlac } from './flac.ts'
import { beginsFlac } from './flac-start.ts'
import { FOREIGN_HEAD_BYTES, foreignRefusal } from './foreign-formats.ts'
import type { CreateFilter } from './frame-filter.ts'
import { createOgg } from './ogg.ts'
import { pageHeadBytes } from './ogg-page.ts'
import { beginsPcmContainer } from './pcm-containers.ts'
import { createRefused } from './refused.ts'
import { beginsWav } from './riff.ts'
import { createWav } from './wav.ts'

/** So many bytes tell formats that begin with a header of their own from all else. */
export const HEAD_BYTES = FOREIGN_HEAD_BYTES

/**
 * Which filter is for a stream that begins like this.
 * @param head its first 12 bytes.
 * @returns undefined when it begins with no such header.
 */
export function headedFormat(head: Buffer): CreateFilter | undefined {
  if (beginsWav(head) === true || beginsPcmContainer(head)) return createWav
  if (pageHeadBytes(head, 0) > 0) return createOgg
  if (beginsFlac(head, 0)) return createFlac
  const refusal = foreignRefusal(head)
  return refusal === undefined ? undefined : () => createRefused(refusal)
}
