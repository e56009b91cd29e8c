import type { Packaging } from '../../src/hls/packaging.ts'
import { packagingOf } from '../../src/hls/packagings.ts'
import type { Frames } from './cut-segments.ts'

/** Returns the packaging of an epoch of these frames. @throws when they cannot be packed */
export async function packagingFor({ filter, frames, preamble }: Frames): Promise<Packaging> {
  const { contentType, description, numbering, samples } = filter
  const name = filter.format === undefined ? `${contentType}` : `${contentType} (${filter.format})`
  const format = { contentType, name, description, numbering, samples, isRaw: false }
  const [first] = frames
  if (first === undefined) throw new Error('no frames')
  const packaging = await packagingOf({ format, preamble: preamble(0), first: first.bytes })
  if ('reason' in packaging) throw new Error(packaging.reason)
  return packaging
}
