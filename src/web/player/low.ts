import { encodePath } from '../../stream/encode-path.ts'
import { LowSession } from './low-session.ts'
import type { PlayerEvents, StreamPlayer } from './stream-player.ts'

/** Time after which a browser that is still not playing has blocked playback, in milliseconds. */
const REFUSED_AFTER_MS = 1_500
/** Time constant of a change of the volume, in seconds: a sudden change makes a click. */
const FADE_S = 0.01

/** Plays samples from a WebSocket as soon as they are received. */
export class LowPlayer implements StreamPlayer {
  readonly #stream: string
  readonly #carried: string
  readonly #events: PlayerEvents
  #output: Output | undefined
  #session: LowSession | undefined
  #volume = 1

  /** @param stream its path, not encoded @param carried query that permits to listen, encoded; often empty */
  constructor(stream: string, carried: string, events: PlayerEvents) {
    this.#stream = stream
    this.#carried = carried
    this.#events = events
  }

  start(): void {
    this.#end()
    this.#output ??= createOutput()
    const { context, analyser, gain } = this.#output
    gain.gain.value = this.#volume
    void context.resume()
    const session = new LowSession(lowPath(this.#stream, this.#carried), analyser, this.#events)
    this.#session = session
    setTimeout(() => {
      if (this.#session !== session || context.state === 'running') return
      this.#end()
      this.#events.refused()
    }, REFUSED_AFTER_MS)
  }

  stop(): void {
    this.#end()
    void this.#output?.context.suspend()
  }

  setVolume(volume: number): void {
    this.#volume = volume
    this.#output?.gain.gain.setTargetAtTime(volume, this.#output.context.currentTime, FADE_S)
  }

  toLive(): void {
    this.#session?.toLive()
  }

  behindMs(): number | undefined {
    const { report, waitMs = 0 } = this.#session ?? {}
    if (this.#output === undefined || !report?.isPlaying) return undefined
    return report.bufferedMs + outputMs(this.#output.context) + waitMs
  }

  keptMs(): number | undefined {
    const report = this.#session?.report
    return this.#output && report && report.targetMs + outputMs(this.#output.context)
  }

  get analyser(): AnalyserNode | undefined {
    return this.#output?.analyser
  }

  #end(): void {
    this.#session?.close()
    this.#session = undefined
  }
}

/** Returns the encoded path and query of a stream with low delay, from the root of the server. */
function lowPath(stream: string, carried: string): string {
  return `${encodePath(stream.slice(1))}?low${carried === '' ? '' : `&${carried}`}`
}

/** The stages after the jitter buffer; they live as long as the page. */
interface Output {
  readonly context: AudioContext
  readonly analyser: AnalyserNode
  readonly gain: GainNode
}

function createOutput(): Output {
  const context = new AudioContext({ latencyHint: 'interactive' })
  const analyser = new AnalyserNode(context)
  const gain = new GainNode(context)
  analyser.connect(gain).connect(context.destination)
  return { context, analyser, gain }
}

/** Output latency of the browser and the system. Safari does not report all of it. */
function outputMs(context: AudioContext): number {
  return (context.outputLatency || context.baseLatency) * 1000
}
