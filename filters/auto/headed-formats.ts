import { createFlac } from '../flac/flac.ts'
import { beginsFlac } from '../flac/start.ts'
import type { CreateFilter } from '../frame-filter.ts'
import { createOgg } from '../ogg/ogg.ts'
import { pageHeadBytes } from '../ogg/page.ts'
import { beginsPcmContainer } from '../wav/pcm-containers.ts'
import { beginsWav } from '../wav/riff.ts'
import { createWav } from '../wav/wav.ts'
import { FOREIGN_HEAD_BYTES, foreignRefusal } from './foreign-formats.ts'
import { createRefused } from './refusal.ts'

/** Length of the head that identifies formats with a header of their own, in bytes. */
export const HEAD_BYTES = FOREIGN_HEAD_BYTES

/**
 * Finds the filter for a stream by its first bytes.
 * @param head its first 12 bytes.
 * @returns undefined when it does not begin with such a header.
 */
export function headedFormat(head: Buffer): CreateFilter | undefined {
  if (beginsWav(head) === true || beginsPcmContainer(head)) return createWav
  if (pageHeadBytes(head, 0) > 0) return createOgg
  if (beginsFlac(head, 0)) return createFlac
  const refusal = foreignRefusal(head)
  return refusal === undefined ? undefined : () => createRefused(refusal)
}
