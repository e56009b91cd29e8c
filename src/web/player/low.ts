import type { LowFormat } from '../../endpoints/low/low-messages.ts'
import { type Playback, startPlayback } from '../audio/playback.ts'
import type { PlaybackReport } from '../audio/playback-messages.ts'
import { type LowSocket, openLowSocket } from './low-socket.ts'
import type { Playing, PlayingEvents } from './playing.ts'
import { type ReadSamples, readerOf } from './samples.ts'

/** Maximum buffer, in milliseconds: sound cards may be read in large chunks, which are not sent sooner. */
const MOST_MS = 400
/** Initial buffer, until the timing of the chunks is known. */
const FIRST_MS = 80
/** Time after which a browser that is still not playing has blocked playback. */
const REFUSED_AFTER_MS = 1_500

/** One start: the path from the server to the loudspeaker. */
interface Session {
  readonly socket: LowSocket
  playback: Playback | undefined
  close(): void
}

/** Plays samples from a WebSocket as soon as they are received. @param stream its path, not encoded */
export function createLow(stream: string, events: PlayingEvents): Playing {
  let output: Output | undefined
  let session: Session | undefined
  let volume = 1

  const end = () => {
    session?.close()
    session = undefined
  }
  return {
    start() {
      end()
      output ??= createOutput()
      output.gain.gain.value = volume
      void output.context.resume()
      const { context } = output
      const ours = openSession(stream, output, events)
      session = ours
      setTimeout(() => {
        if (session !== ours || context.state === 'running') return
        end()
        events.refused()
      }, REFUSED_AFTER_MS)
    },
    stop() {
      end()
      void output?.context.suspend()
    },
    setVolume(wanted) {
      volume = wanted
      output?.gain.gain.setTargetAtTime(wanted, output.context.currentTime, 0.01)
    },
    toLive: () => session?.playback?.toLive(),
    behindMs() {
      const report = session?.playback?.report
      if (session === undefined || output === undefined || report?.isPlaying !== true) return undefined
      return report.bufferedMs + outputMs(output.context) + session.socket.waitMs
    },
    keptMs() {
      const report = session?.playback?.report
      return output && report && report.targetMs + outputMs(output.context)
    },
    get analyser() {
      return output?.analyser
    },
  }
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

function openSession(stream: string, { context, analyser }: Output, events: PlayingEvents): Session {
  let isOver = false
  let read: ReadSamples | undefined
  /** Samples received before playback is ready. */
  let early: Float32Array[] = []
  let isSounding = false

  const play = async ({ rate, channels, encoding }: LowFormat) => {
    read = readerOf(encoding)
    const playback = await startPlayback(context, { rate, channels, mostMs: MOST_MS, firstMs: FIRST_MS })
    if (isOver) return playback.close()
    playback.onReport = follow
    playback.node.connect(analyser)
    // As one block, because their arrival times are not known.
    playback.push(joined(early))
    early = []
    session.playback = playback
  }
  const follow = ({ isPlaying }: PlaybackReport) => {
    if (isPlaying === isSounding || isOver) return
    isSounding = isPlaying
    if (isPlaying) events.sounding()
    else events.dry()
  }
  const close = () => {
    isOver = true
    session.socket.close()
    session.playback?.close()
  }
  const lose = () => {
    close()
    events.lost()
  }
  const session: Session = {
    playback: undefined,
    close,
    socket: openLowSocket(stream, {
      format: (format) => void play(format).catch(lose),
      samples(bytes) {
        const samples = read?.(bytes)
        if (samples === undefined) return
        if (session.playback === undefined) early.push(samples)
        else session.playback.push(samples)
      },
      lost: lose,
    }),
  }
  return session
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
