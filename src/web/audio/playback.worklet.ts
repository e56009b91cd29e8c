/** The worklet of playback.ts. */
import { JitterBuffer, type JitterBufferOptions } from './jitter-buffer.ts'
import type { FromWorklet, ToWorklet } from './playback-messages.ts'
import { Varispeed } from './varispeed.ts'

/** Interval between reports, in seconds. */
const REPORT_EVERY_S = 0.05

class PlaybackProcessor extends AudioWorkletProcessor {
  readonly #rate: number
  readonly #buffer: JitterBuffer
  readonly #varispeed: Varispeed
  #isClosed = false
  #reportedAt = 0
  /** Measurements since the last report. */
  #peak = 0
  #squares = 0
  #samples = 0

  constructor(options: AudioWorkletNodeOptions) {
    super()
    const jitter = options.processorOptions as JitterBufferOptions
    this.#rate = jitter.rate
    this.#buffer = new JitterBuffer(jitter)
    this.#varispeed = new Varispeed(
      (out, at, count) => this.#buffer.pull(out, at, count),
      jitter.channels,
      jitter.rate / sampleRate,
    )
    this.port.addEventListener('message', ({ data }: MessageEvent<ToWorklet>) => this.#receive(data))
    this.port.start()
  }

  process(_inputs: Float32Array[][], [output]: Float32Array[][]): boolean {
    if (output !== undefined) {
      this.#varispeed.read(output, this.#buffer.speed(currentTime))
      this.#measure(output)
    }
    if (currentTime >= this.#reportedAt + REPORT_EVERY_S) this.#report()
    return !this.#isClosed
  }

  #receive(message: ToWorklet): void {
    if (message.kind === 'block') this.#buffer.push(message.samples, message.at, currentTime)
    else if (message.kind === 'to live') this.#buffer.toLive()
    else if (message.kind === 'clear') this.#buffer.clear()
    else this.#isClosed = true
  }

  #measure(output: readonly Float32Array[]): void {
    for (const channel of output) {
      for (const sample of channel) {
        this.#peak = Math.max(this.#peak, Math.abs(sample))
        this.#squares += sample * sample
      }
      this.#samples += channel.length
    }
  }

  #report(): void {
    const { bufferedMs, targetMs, played, isPlaying, late, underruns, gaps, jumps } = this.#buffer
    const report: FromWorklet = {
      peak: Math.min(1, this.#peak),
      rms: Math.min(1, Math.sqrt(this.#squares / Math.max(1, this.#samples))),
      bufferedMs,
      targetMs,
      playedMs: (played / this.#rate) * 1000,
      isPlaying,
      late,
      underruns,
      gaps,
      jumps,
    }
    this.port.postMessage(report)
    this.#reportedAt = currentTime
    this.#peak = 0
    this.#squares = 0
    this.#samples = 0
  }
}

registerProcessor('playback', PlaybackProcessor)
