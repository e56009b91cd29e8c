/** Received samples by their place in the stream: sample n of a channel is at n modulo the capacity. */
export class SampleStore {
  /** Place of the next sample to be received. */
  end = 0
  readonly #channels: Float32Array[]
  readonly #room: number
  readonly #fade: number

  /** @param room capacity, in samples of each channel @param fade length of fades at the edges of a gap, in samples */
  constructor(channels: number, room: number, fade: number) {
    this.#channels = Array.from({ length: channels }, () => new Float32Array(room))
    this.#room = room
    this.#fade = fade
  }

  /**
   * Adds a block, channel by channel within each frame. A gap before it becomes silence, with fades at its edges.
   * @param start place of its first frame @param played place up to which samples have been played, and do not change
   */
  put(block: Float32Array, start: number, played: number): 'in order' | 'behind a gap' | 'late' {
    const before = this.end
    if (start + block.length / this.#channels.length <= before) return 'late'
    const isBehindGap = start > before
    if (isBehindGap) this.#appendGap(start, played)
    this.#append(block, Math.max(0, before - start))
    if (isBehindGap) this.#fadeIn(start)
    return isBehindGap ? 'behind a gap' : 'in order'
  }

  at(channel: number, place: number): number {
    return this.#channels[channel]?.[place % this.#room] ?? 0
  }

  /** @param from number of frames of the block that have been received already */
  #append(block: Float32Array, from: number): void {
    const channels = this.#channels.length
    const frames = block.length / channels - from
    for (let channel = 0; channel < channels; channel++) {
      const samples = this.#channels[channel]
      if (samples === undefined) continue
      let at = this.end % this.#room
      for (let i = from * channels + channel; i < block.length; i += channels) {
        samples[at] = block[i] ?? 0
        if (++at === this.#room) at = 0
      }
    }
    this.end += frames
  }

  #appendGap(to: number, played: number): void {
    const faded = Math.min(this.#fade, Math.max(0, this.end - played))
    for (const samples of this.#channels) {
      for (let i = 1; i <= faded; i++) this.#scale(samples, this.end - i, (i - 1) / faded)
      for (let at = this.end; at < to; at++) samples[at % this.#room] = 0
    }
    this.end = to
  }

  #fadeIn(from: number): void {
    const length = Math.min(this.#fade, this.end - from)
    for (const samples of this.#channels) {
      for (let i = 0; i < length; i++) this.#scale(samples, from + i, i / length)
    }
  }

  #scale(samples: Float32Array, place: number, by: number): void {
    const at = place % this.#room
    samples[at] = (samples[at] ?? 0) * by
  }
}
