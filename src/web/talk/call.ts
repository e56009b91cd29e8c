import { type Codec, SAMPLE_RATE, SOUND_MS } from '../../talk/protocol.ts'
import { type Capture, openCapture } from '../audio/capture.ts'
import { MicrophoneError } from '../audio/microphone.ts'
import { type Playback, startPlayback } from '../audio/playback.ts'
import { whenBack } from '../shared/when-back.ts'
import { Conversation } from './conversation.ts'
import { createIncoming } from './incoming.ts'
import { codecsHere } from './opus.ts'
import type { Situation } from './situation.ts'

/** A call, from the click that starts it to the one that ends it, with any number of partners in turn. */
export interface Call {
  readonly capture: Capture
  readonly playback: Playback
  /** @param isAnnounced whether the partner is notified */
  silence(isSilent: boolean, isAnnounced: boolean): void
  /** Returns the current figures. */
  figures(): Figures
  end(): void
}

/** Figures of a call. */
export interface Figures {
  /** Undefined: without a partner. */
  readonly codec: Codec | undefined
  /** Round trip to the server. */
  readonly roundTripMs: number | undefined
  /** Delay of sound before it is played, so that late messages are still in time. */
  readonly heldBackMs: number
  /** Sound messages that were received, and that were lost. */
  readonly received: number
  readonly missing: number
}

/**
 * Must be called in the handler of a click or a tap.
 * @param address of the page @param changed called with each new situation @throws MicrophoneError
 */
export async function startCall(address: string, changed: (situation: Situation) => void): Promise<Call> {
  // At the rate of the device, because Firefox connects microphones only at that rate.
  const context = new AudioContext({ latencyHint: 'interactive' })
  const [capture, playback] = await openSound(context)
  const ended = new AbortController()
  keepSounding(context, ended.signal)
  keepClose(playback)
  changed({ kind: 'connecting' })
  const incoming = createIncoming(playback)
  const conversation = new Conversation(address, await codecsHere(), incoming, changed)
  capture.onBlock = (block) => conversation.send(block)
  return {
    capture,
    playback,
    silence(isSilent, isAnnounced) {
      capture.isMuted = isSilent
      conversation.announce(isAnnounced)
    },
    figures() {
      const { codec, roundTripMs } = conversation
      return { codec, roundTripMs, heldBackMs: playback.report.bufferedMs, ...incoming.counts }
    },
    end() {
      ended.abort()
      conversation.end()
      capture.close()
      playback.close()
      void context.close()
    },
  }
}

async function openSound(context: AudioContext): Promise<[Capture, Playback]> {
  try {
    // On iOS this must be called in the click handler, before anything is awaited.
    void context.resume()
    const capture = await openCapture(context, { rate: SAMPLE_RATE, blockMs: SOUND_MS, forSpeech: true })
    const playback = await startPlayback(context, { rate: SAMPLE_RATE, channels: 1 })
    playback.node.connect(context.destination)
    return [capture, playback]
  } catch (error) {
    void context.close()
    throw error instanceof MicrophoneError ? error : new MicrophoneError('busy', error)
  }
}

/** A phone call or another program may suspend the sound. It resumes when the user returns, on iOS with a tap. */
function keepSounding(context: AudioContext, signal: AbortSignal): void {
  const resume = () => void context.resume()
  whenBack(resume, signal)
  document.addEventListener('click', resume, { signal })
}

/**
 * Maximum excess delay, and how long it may last, in milliseconds. Slightly faster playback corrects small delays inaudibly
 * but slowly. After a stall of the network or of this machine more has accumulated, which would disturb a conversation.
 */
const MAX_SPARE_MS = 60
const FOR_MS = 500

/** Skips accumulated sound when the excess delay persists. */
function keepClose(playback: Playback): void {
  let closeAt = performance.now()
  playback.onReport = ({ bufferedMs, targetMs }) => {
    const now = performance.now()
    if (bufferedMs <= targetMs + MAX_SPARE_MS) closeAt = now
    if (now - closeAt < FOR_MS) return
    playback.toLive()
    closeAt = now
  }
}
