/** Hot path in the audio thread: plain numbers, and no allocation during playback. */
import type { SampleStore } from './sample-store.ts'

/** Reads what is stored, without clicks: it begins and ends softly, and fades over to what comes behind something left out. */
export class SoftReader {
  /** The place of the next frame. */
  place = 0
  readonly #store: SampleStore
  readonly #channels: number
  readonly #fade: number
  /** From 0, silent, to 1. */
  #gain = 0
  /** What would have come if nothing had been left out, mixed with what does while `#tailLeft` frames of it last. */
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

  /** Goes to a place out of silence. */
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

  /** Puts the next frame into `out`, one array a channel, at `at`. There must be one. */
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
