import { forgetLength } from '../flac/streaminfo.ts'
import { streamInfoAt } from './codec.ts'
import { beginsStream, bodyOf, renumber, seal, sequenceWeight, serialOf } from './page.ts'

/** One header page in the template. */
interface TemplatePage {
  readonly serial: number
  /** Start of the page in the template, in bytes. */
  readonly at: number
  /** See `renumber`. */
  readonly weight: number
  /** Distance in pages to the first page of sound in its logical stream. */
  readonly ahead: number
}

/**
 * The header pages of a link, copied for each joining listener and numbered so that the page after them follows without a
 * gap (RFC 3533 6, field 6). Nothing else in them changes: granule positions may begin anywhere (RFC 7845 4.5).
 */
export class HeaderTemplate {
  readonly #bytes: Buffer
  readonly #pages: readonly TemplatePage[]

  constructor(headerPages: readonly Buffer[]) {
    const left = new Map<number, number>()
    for (const page of headerPages) left.set(serialOf(page), (left.get(serialOf(page)) ?? 0) + 1)
    let at = 0
    this.#bytes = Buffer.concat(headerPages.map(endless))
    this.#pages = headerPages.map((page) => {
      const serial = serialOf(page)
      const ahead = left.get(serial) ?? 0
      const place = { serial, at, weight: sequenceWeight(page), ahead }
      left.set(serial, ahead - 1)
      at += page.length
      return place
    })
  }

  /** @param firstSequence returns the number of the first page of sound, for each logical stream. */
  numbered(firstSequence: (serial: number) => number): Buffer {
    const bytes = Buffer.from(this.#bytes)
    for (const { serial, at, weight, ahead } of this.#pages) {
      renumber(bytes, at, (firstSequence(serial) - ahead) >>> 0, weight)
    }
    return bytes
  }
}

/**
 * Removes the number of samples and their MD5 from FLAC's headers, because they are wrong for a listener that starts in the
 * middle.
 */
export function endless(page: Buffer): Buffer {
  const at = beginsStream(page) ? streamInfoAt(bodyOf(page)) : undefined
  if (at === undefined) return page
  const copy = Buffer.from(page)
  forgetLength(bodyOf(copy), at)
  seal(copy)
  return copy
}
