import { type Codec, SAMPLE_RATE, SOUND_MS } from '../../talk/protocol.ts'
import { type Capture, openCapture } from '../audio/capture.ts'
import { MicrophoneError } from '../audio/microphone.ts'
import { type Playback, startPlayback } from '../audio/playback.ts'
import { converse } from './conversation.ts'
import { createIncoming } from './incoming.ts'
import { keepClose } from './keep-close.ts'
import { codecsHere } from './opus.ts'
import type { Situation } from './situation.ts'

/** From the click that starts it to the one that ends it, with whomever. */
export interface Call {
  readonly capture: Capture
  readonly playback: Playback
  /** @param isAnnounced the partner is told */
  silence(isSilent: boolean, isAnnounced: boolean): void
  /** How it goes. */
  figures(): Figures
  end(): void
}

/** How a call goes. */
export interface Figures {
  /** Undefined: there is no partner. */
  readonly codec: Codec | undefined
  /** To the server and back. */
  readonly roundTripMs: number | undefined
  /** Sound waits for so long before it is played, so that what comes late is still in time. */
  readonly heldBackMs: number
  /** Messages of sound that came, and that did not. */
  readonly came: number
  readonly missing: number
}

/**
 * Must be called in a click or a tap.
 * @param address of the page @param changed called with each new situation @throws MicrophoneError
 */
export async function startCall(address: string, changed: (situation: Situation) => void): Promise<Call> {
  // At the rate of the device: Firefox connects microphones to no other.
  const context = new AudioContext({ latencyHint: 'interactive' })
  const [capture, playback] = await openSound(context)
  const ended = new AbortController()
  keepSounding(context, ended.signal)
  keepClose(playback)
  changed({ kind: 'connecting' })
  const incoming = createIncoming(playback)
  const conversation = converse(socketAt(address), await codecsHere(), incoming, changed)
  capture.onBlock = (block) => conversation.take(block)
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
    // On iOS it may only begin in the click, before anything is waited for.
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

/** A phone call or another program may take the sound away. It comes back when the user does, on iOS with a tap. */
function keepSounding(context: AudioContext, signal: AbortSignal): void {
  const resume = () => void context.resume()
  document.addEventListener('visibilitychange', resume, { signal })
  document.addEventListener('click', resume, { signal })
}

/** The page's WebSocket is at its own path. */
function socketAt(address: string): URL {
  const url = new URL(address)
  url.protocol = url.protocol === 'https:' ? 'wss:' : 'ws:'
  url.hash = ''
  return url
}
