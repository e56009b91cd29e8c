import { identify } from './codec.ts'
import { beginsStream, bodyOf, granuleOf, packetsEndingIn, serialOf } from './page.ts'

/** Holds the headers of a link back until its sound begins. */
export class ComingLink {
  #pages: Buffer[] = []
  /** Header packets that have not been received, by serial number; undefined: see `OggCodec.headerPackets`. */
  readonly #left = new Map<number, number | undefined>()

  /** Takes the next page. @returns the pages that can be used, in order */
  take(page: Buffer): readonly Buffer[] {
    if (beginsStream(page)) {
      // All first pages precede the others: another link without sound is dropped.
      if (this.#pages.length > this.#left.size) this.end()
      this.#left.set(serialOf(page), identify(bodyOf(page)).headerPackets)
    }
    if (this.#left.size === 0) return [page]
    if (!this.#isHeader(page)) return [...this.end(), page]
    this.#pages.push(page)
    const left = this.#left.get(serialOf(page))
    if (left !== undefined) this.#left.set(serialOf(page), left - packetsEndingIn(page))
    return []
  }

  /** @returns the headers, which are held back no longer */
  end(): readonly Buffer[] {
    const pages = this.#pages
    this.#pages = []
    this.#left.clear()
    return pages
  }

  #isHeader(page: Buffer): boolean {
    const left = this.#left.get(serialOf(page))
    return beginsStream(page) || (left === undefined ? granuleOf(page) === 0 : left > 0)
  }
}
