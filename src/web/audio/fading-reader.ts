/** Hot path in the audio thread: plain numbers, and no allocation during playback. */
import type { SampleStore } from './sample-store.ts'

/** Reads stored samples without clicks: with fades at the start and the end, and a crossfade where frames are skipped. */
export class FadingReader {
  /** Place of the next frame. */
  place = 0
  readonly #store: SampleStore
  readonly #channels: number
  readonly #fade: number
  /** From 0, silent, to 1. */
  #gain = 0
  /** Frames behind the last skip, which are mixed with the current ones while `#tailLeft` of them are left. */
  readonly #tail: Float32Array
  #tailLeft = 0

  /** @param fade length of fades, in frames */
  constructor(store: SampleStore, channels: number, fade: number) {
    this.#store = store
    this.#channels = channels
    this.#fade = fade
    this.#tail = new Float32Array(fade * channels)
  }

  /** Number of frames that can be read. */
  get left(): number {
    return this.#store.end - this.place
  }

  /** Moves to a place, from which the sound fades in. */
  begin(place: number): void {
    this.place = place
    this.#gain = 0
    this.#tailLeft = 0
  }

  /** Skips frames. */
  skip(frames: number): void {
    for (let i = 0; i < this.#fade; i++) {
      for (let c = 0; c < this.#channels; c++) this.#tail[i * this.#channels + c] = this.#store.at(c, this.place + i)
    }
    this.#tailLeft = this.#fade
    this.place += frames
  }

  /** Writes the next frame, which must exist, into `out` at `at`; one array per channel. */
  read(out: readonly Float32Array[], at: number): void {
    this.#gain = Math.min(this.#gain + 1 / this.#fade, this.left / this.#fade, 1)
    const old = this.#tailLeft / this.#fade
    const tailAt = (this.#fade - this.#tailLeft) * this.#channels
    for (let c = 0; c < this.#channels; c++) {
      const channel = out[c]
      const fresh = this.#store.at(c, this.place)
      const mixed = old > 0 ? fresh * (1 - old) + (this.#tail[tailAt + c] ?? 0) * old : fresh
      if (channel !== undefined) channel[at] = mixed * this.#gain
    }
    if (this.#tailLeft > 0) this.#tailLeft--
    this.place++
  }
}
