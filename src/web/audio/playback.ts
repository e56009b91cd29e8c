/**
 * Plays sound that is received in blocks over a network, with a short delay. Blocks are passed to a worklet, which delays them
 * as the jitter of their arrival requires, conceals missing ones, and compensates the difference between two clocks:
 *
 *     push(block) --> worklet: [ jitter buffer ][ resampler ] --> node --> connected by the caller
 *
 * The context may run at any rate, because the worklet resamples.
 */
import { urlAt } from '../shared/url-at.ts'
import type { JitterBufferOptions } from './jitter-buffer.ts'
import type { FromWorklet, PlaybackReport, ToWorklet } from './playback-messages.ts'

/** Format of the blocks, and limits of the delay. */
export interface PlaybackOptions {
  /** Sample rate of the blocks, in Hz. */
  readonly rate: number
  readonly channels: number
  /** Minimum delay, in milliseconds; 40 by default. */
  readonly leastMs?: number
  /** Maximum delay, in milliseconds, also on an unsteady network; 80 by default. */
  readonly mostMs?: number
  /** Initial delay, in milliseconds; `leastMs` by default. */
  readonly firstMs?: number
}

/** Playback of one stream. */
export interface Playback {
  /** Emits the sound; the caller connects it. */
  readonly node: AudioNode
  /** State of the playback, updated about twenty times a second. */
  readonly report: PlaybackReport
  /** Called with each new report. */
  onReport: ((report: PlaybackReport) => void) | undefined
  /**
   * Plays a block, channel by channel within each frame (one sample of every channel).
   * @param at the number of its first frame, from any start: a gap between two blocks becomes silence, and late blocks are
   * dropped. Undefined: it follows the previous block.
   */
  push(block: Float32Array | Int16Array, at?: number): void
  /** Jumps to the newest block, except for the delay that is needed. */
  toLive(): void
  /** Discards all blocks: the next one belongs to other sound. */
  clear(): void
  /** Stops the playback, and disconnects the node. */
  close(): void
}

const WORKLET = urlAt('assets/playback.worklet.js')
const PROCESSOR = 'playback'
const LEAST_MS = 40
const MOST_MS = 80
const NOTHING_YET: PlaybackReport = {
  peak: 0,
  rms: 0,
  bufferedMs: 0,
  targetMs: 0,
  playedMs: 0,
  isPlaying: false,
  late: 0,
  underruns: 0,
  gaps: 0,
  jumps: 0,
}

/** Starts to play in a context, which may be suspended. */
export async function startPlayback(context: BaseAudioContext, options: PlaybackOptions): Promise<Playback> {
  await context.audioWorklet.addModule(WORKLET)
  const { rate, channels, leastMs = LEAST_MS, mostMs = MOST_MS, firstMs = leastMs } = options
  const node = new AudioWorkletNode(context, PROCESSOR, {
    numberOfInputs: 0,
    outputChannelCount: [channels],
    processorOptions: { rate, channels, leastMs, mostMs, firstMs } satisfies JitterBufferOptions,
  })
  const post = (message: ToWorklet, transfer: Transferable[] = []) => node.port.postMessage(message, transfer)
  const playback = {
    node,
    report: NOTHING_YET,
    onReport: undefined as Playback['onReport'],
    push(block: Float32Array | Int16Array, at?: number) {
      const samples = toFloat(block)
      post({ kind: 'block', samples, at }, [samples.buffer])
    },
    toLive: () => post({ kind: 'to live' }),
    clear: () => post({ kind: 'clear' }),
    close() {
      post({ kind: 'close' })
      node.disconnect()
    },
  }
  node.port.addEventListener('message', ({ data }: MessageEvent<FromWorklet>) => {
    playback.report = data
    playback.onReport?.(data)
  })
  node.port.start()
  return playback
}

/** Returns a copy that can be transferred. */
function toFloat(block: Float32Array | Int16Array): Float32Array<ArrayBuffer> {
  const samples = new Float32Array(block)
  if (block instanceof Int16Array) for (let i = 0; i < samples.length; i++) samples[i] = (block[i] ?? 0) / 0x8000
  return samples
}
