import { type Capture, openCapture } from '../audio/capture.ts'
import { MicrophoneError } from '../audio/microphone.ts'
import { Air } from './air.ts'
import type { Situation } from './situation.ts'

/** A broadcast, from the click that starts it to the one that ends it. */
export interface Broadcast {
  readonly capture: Capture
  /** Sends silence to listeners, so that their players continue. */
  isMuted: boolean
  end(): void
}

/** The user's choices. */
export interface BroadcastOptions {
  readonly token: string
  readonly forSpeech: boolean
  readonly deviceId: string | undefined
}

/** Sample rate of the stream, in Hz, and duration of one message, in milliseconds. */
const RATE = 48_000
const BLOCK_MS = 20

/** Must be called in the handler of a click or a tap. @param changed called with each new situation @throws MicrophoneError */
export async function startBroadcast(
  { token, forSpeech, deviceId }: BroadcastOptions,
  changed: (situation: Situation) => void,
): Promise<Broadcast> {
  // At the rate of the device, because Firefox connects microphones only at that rate.
  const context = new AudioContext({ latencyHint: 'interactive' })
  const capture = await open(context, forSpeech, deviceId)
  changed({ kind: 'connecting' })
  const hello = { type: 'hello', token, me: crypto.randomUUID(), rate: RATE } as const
  const address = new URL(location.pathname, location.href).href
  const air = new Air(address, hello, {
    onAir: (listeners) => changed({ kind: 'onAir', listeners }),
    lost: () => changed({ kind: 'away' }),
    refused: (code) => changed({ kind: 'refused', code }),
  })
  const broadcast = {
    capture,
    isMuted: false,
    end() {
      air.close()
      capture.close()
      void context.close()
    },
  }
  capture.onBlock = ({ samples }) =>
    air.send(broadcast.isMuted ? new Int16Array(samples.length) : Int16Array.from(samples, toInt16))
  return broadcast
}

async function open(context: AudioContext, forSpeech: boolean, deviceId: string | undefined): Promise<Capture> {
  try {
    // On iOS this must be called in the click handler, before anything is awaited.
    void context.resume()
    return await openCapture(context, { rate: RATE, blockMs: BLOCK_MS, forSpeech, deviceId })
  } catch (error) {
    void context.close()
    throw error instanceof MicrophoneError ? error : new MicrophoneError('busy', error)
  }
}

function toInt16(sample: number): number {
  return Math.round(Math.max(-1, Math.min(1, sample)) * 0x7fff)
}
