/** Maximum number of points; at twice the distance, half of them are enough for the 100 of a table. */
const MAX_POINTS = 1024
/** Number of entries of Xing's table. */
const ENTRIES = 100

/** Positions in a file at regular intervals of time, for Xing's table of contents; of constant size however long the file is. */
export class SeekPoints {
  /** Positions of frames 0, `#distance`, 2 `#distance` …, in bytes. */
  #points: number[] = []
  #distance = 1

  /** Hot path. @param frame number of the frame @param at its position, in bytes */
  add(frame: number, at: number): void {
    if (frame % this.#distance !== 0) return
    this.#points.push(at)
    if (this.#points.length < MAX_POINTS) return
    this.#points = this.#points.filter((_, i) => i % 2 === 0)
    this.#distance *= 2
  }

  /** Returns Xing's table: entry i is the position at i hundredths of the time, in 256ths of the file. */
  table(frames: number, bytes: number): Buffer {
    return Buffer.from(
      Array.from({ length: ENTRIES }, (_, i) => {
        const point = Math.floor((frames * i) / ENTRIES / this.#distance)
        return Math.min(255, Math.floor(((this.#points[point] ?? 0) * 256) / Math.max(1, bytes)))
      }),
    )
  }
}
