import type { PcmFormat } from '../../filters/pcm-format.ts'
import { dbfs } from '../level/level.ts'
import { Slice } from '../level/slice.ts'

/** Level of samples over the whole time. */
export class SoundLevel {
  #slice: Slice | undefined
  /** Greatest amplitude, sum of squares and number of samples of earlier formats. */
  #peak = 0
  #squares = 0
  #samples = 0

  /** Adds whole samples of every channel. */
  add(bytes: Buffer, format: PcmFormat): void {
    if (this.#slice?.format !== format) this.#begin(format)
    this.#slice?.add(bytes)
  }

  /** Peak and RMS of all channels together, in dBFS; undefined without samples. */
  read(): { readonly peak: number; readonly rms: number; readonly isSilent: boolean } | undefined {
    this.#end()
    if (this.#samples === 0) return undefined
    return { peak: dbfs(this.#peak), rms: dbfs(Math.sqrt(this.#squares / this.#samples)), isSilent: this.#peak === 0 }
  }

  #begin(format: PcmFormat): void {
    this.#end()
    this.#slice = new Slice(format)
  }

  #end(): void {
    const slice = this.#slice
    this.#slice = undefined
    if (slice === undefined) return
    this.#peak = Math.max(this.#peak, ...slice.peaks)
    for (const squares of slice.squares) this.#squares += squares
    this.#samples += slice.samples * slice.format.channels
  }
}
