import { encodePath } from '../../stream/encode-path.ts'
import { LowSession } from './low-session.ts'
import { type AudioPermission, isBlocked } from './not-running.ts'
import { outputMs } from './output-delay.ts'
import type { PlayerEvents, StreamPlayer } from './stream-player.ts'

/** Time after which a context that does not run is asked why, in milliseconds. */
const BLOCKED_AFTER_MS = 1_500
/** Time after which one that may run has no sound device, in milliseconds: Firefox takes 2 s to begin with one. */
const NO_DEVICE_AFTER_MS = 7_000
/** Time constant of a change of the volume, in seconds: a sudden change makes a click. */
const FADE_S = 0.01

/** Plays samples from a WebSocket as soon as they are received. */
export class LowPlayer implements StreamPlayer {
  readonly #stream: string
  readonly #carried: string
  readonly #events: PlayerEvents
  #output: Output | undefined
  #session: LowSession | undefined
  /** Output latency when sound began, in milliseconds. */
  #outputMs: number | undefined
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
    const session = new LowSession(lowPath(this.#stream, this.#carried), analyser, {
      playing: () => {
        this.#outputMs = outputMs(context, IS_FIREFOX)
        this.#events.playing()
      },
      buffering: () => this.#events.buffering(),
      lost: () => this.#events.lost(),
    })
    this.#session = session
    const isSilent = () => this.#session === session && context.state !== 'running'
    setTimeout(() => isSilent() && isBlocked(permissionOf(context)) && this.#refuse('blocked'), BLOCKED_AFTER_MS)
    setTimeout(() => isSilent() && this.#refuse('no-device'), NO_DEVICE_AFTER_MS)
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
    if (this.#outputMs === undefined || !report?.isPlaying) return undefined
    return report.bufferedMs + this.#outputMs + waitMs
  }

  keptMs(): number | undefined {
    const report = this.#session?.report
    return this.#outputMs === undefined ? undefined : report && report.targetMs + this.#outputMs
  }

  get analyser(): AnalyserNode | undefined {
    return this.#output?.analyser
  }

  #refuse(why: 'blocked' | 'no-device'): void {
    this.#end()
    if (why === 'blocked') this.#events.refused()
    else this.#events.hasNoDevice()
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

/** Firefox's own method of players; see `outputMs`. */
const IS_FIREFOX = 'mozCaptureStream' in HTMLMediaElement.prototype

interface PolicyNavigator extends Navigator {
  getAutoplayPolicy?(context: AudioContext): string
}

/** Returns what the browser says about a context. */
function permissionOf(context: AudioContext): AudioPermission {
  const { userActivation }: { userActivation?: UserActivation } = navigator
  return {
    state: context.state,
    policy: (navigator as PolicyNavigator).getAutoplayPolicy?.(context),
    hasBeenActive: userActivation?.hasBeenActive,
  }
}
