import type { LowFormat } from '../../endpoints/low/low-messages.ts'
import { type Playback, startPlayback } from '../audio/playback.ts'
import type { PlaybackReport } from '../audio/playback-messages.ts'
import { LowSocket } from './low-socket.ts'
import { type ReadSamples, readerOf } from './samples.ts'
import type { PlayerEvents } from './stream-player.ts'

/** Events of a session. */
type SessionEvents = Pick<PlayerEvents, 'playing' | 'buffering' | 'lost'>

/** Maximum buffer, in milliseconds: sound cards may be read in large chunks, which are not sent sooner. */
const MOST_MS = 400
/** Initial buffer, until the timing of the chunks is known. */
const FIRST_MS = 80

/** One start of the player for low delay: the path from the server to an audio node. It reports no events after `close`. */
export class LowSession {
  readonly #events: SessionEvents
  readonly #output: AudioNode
  readonly #socket: LowSocket
  #playback: Playback | undefined
  #read: ReadSamples | undefined
  /** Samples received before playback is ready. */
  #early: Float32Array[] = []
  #isSounding = false
  #isClosed = false

  /** @param path of the stream with low delay; see `LowSocket`. @param output plays the sound */
  constructor(path: string, output: AudioNode, events: SessionEvents) {
    this.#events = events
    this.#output = output
    this.#socket = new LowSocket(path, {
      format: (format) => void this.#play(format).catch(() => this.#lose()),
      samples: (bytes) => this.#receive(bytes),
      lost: () => this.#lose(),
    })
  }

  /** Undefined: playback is not ready yet. */
  get report(): PlaybackReport | undefined {
    return this.#playback?.report
  }

  /** Queueing delay of samples between server and page, in milliseconds. */
  get waitMs(): number {
    return this.#socket.waitMs
  }

  toLive(): void {
    this.#playback?.toLive()
  }

  close(): void {
    this.#isClosed = true
    this.#socket.close()
    this.#playback?.close()
  }

  async #play({ rate, channels, encoding }: LowFormat): Promise<void> {
    this.#read = readerOf(encoding)
    const options = { rate, channels, mostMs: MOST_MS, firstMs: FIRST_MS }
    const playback = await startPlayback(this.#output.context, options)
    if (this.#isClosed) return playback.close()
    playback.onReport = ({ isPlaying }) => this.#follow(isPlaying)
    playback.node.connect(this.#output)
    // As one block, because their arrival times are not known.
    playback.push(joined(this.#early))
    this.#early = []
    this.#playback = playback
  }

  #receive(bytes: ArrayBuffer): void {
    const samples = this.#read?.(bytes)
    if (samples === undefined) return
    if (this.#playback === undefined) this.#early.push(samples)
    else this.#playback.push(samples)
  }

  #follow(isPlaying: boolean): void {
    if (isPlaying === this.#isSounding || this.#isClosed) return
    this.#isSounding = isPlaying
    if (isPlaying) this.#events.playing()
    else this.#events.buffering()
  }

  #lose(): void {
    if (this.#isClosed) return
    this.close()
    this.#events.lost()
  }
}

function joined(blocks: readonly Float32Array[]): Float32Array {
  const whole = new Float32Array(blocks.reduce((sum, { length }) => sum + length, 0))
  let at = 0
  for (const block of blocks) {
    whole.set(block, at)
    at += block.length
  }
  return whole
}
