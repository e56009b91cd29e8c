/** Maximum number of serial numbers that are remembered. */
const REMEMBERED = 256

/**
 * The serial numbers of the latest links of a stream. Each logical stream of a chain needs its own (RFC 3533 4), but a file
 * that is played twice has the same one twice. Then ffmpeg treats the headers of Opus as sound that it cannot decode,
 * opusdec prints "Hole in data", oggdec and sox lose some sound of Vorbis, and flac gives up ("lost sync").
 */
export class SerialNumbers {
  readonly #used = new Set<number>()

  /**
   * @returns the emitted serial number of a logical stream whose number in the source is `serial`: the same unless it is in
   * use.
   */
  take(serial: number): number {
    let free = serial
    while (this.#used.has(free)) free = (free + 1) >>> 0
    this.#used.add(free)
    const [oldest] = this.#used
    if (this.#used.size > REMEMBERED && oldest !== undefined) this.#used.delete(oldest)
    return free
  }
}
