/** Number of first bytes in which the first frame is located, in bytes: more than the headers of any format without a cover. */
const MAX_BYTES = 256 * 1024

/** A part of the beginning of a stream. */
interface Arrival {
  readonly bytes: Buffer
  readonly at: number
}

/**
 * The beginning of a stream, up to its first frame: filters emit a frame when the bytes behind it have shown that it is whole,
 * which is later than it arrived.
 */
export class FirstBytes {
  #arrivals: Arrival[] = []
  #bytes = 0

  /** Bytes have arrived. @param at in milliseconds */
  add(bytes: Buffer, at: number): void {
    if (this.#bytes >= MAX_BYTES) return
    this.#arrivals.push({ bytes, at })
    this.#bytes += bytes.length
  }

  /** Forgets all bytes. @returns when the last byte of a frame arrived, in milliseconds; undefined: it is not in these bytes */
  arrivalOf(frame: Buffer): number | undefined {
    const arrivals = this.#arrivals
    this.#arrivals = []
    this.#bytes = MAX_BYTES
    const start = Buffer.concat(arrivals.map(({ bytes }) => bytes)).indexOf(frame)
    if (start < 0) return undefined
    let end = 0
    return arrivals.find(({ bytes }) => (end += bytes.length) >= start + frame.length)?.at
  }
}
