/** So many serial numbers are remembered. */
const REMEMBERED = 256

/**
 * The serial numbers of the latest links of a stream. Each logical stream of a chain has one of its own (RFC 3533 4), but a file
 * that is played twice brings the same one twice, and then ffmpeg takes the headers of Opus for sound that it cannot decode,
 * opusdec says "Hole in data", oggdec and sox lose some sound of Vorbis, and flac gives up ("lost sync").
 */
export class SerialNumbers {
  readonly #used = new Set<number>()

  /** @returns the number that a logical stream goes out with which came with `serial`: the same unless it was in use. */
  take(serial: number): number {
    let free = serial
    while (this.#used.has(free)) free = (free + 1) >>> 0
    this.#used.add(free)
    const [oldest] = this.#used
    if (this.#used.size > REMEMBERED && oldest !== undefined) this.#used.delete(oldest)
    return free
  }
}
