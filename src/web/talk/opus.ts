import { type Codec, SAMPLE_RATE, SOUND_MS } from '../../talk/protocol.ts'

/** Opus WebCodecs Registration, section 4.1; TypeScript's library does not have all of it. */
interface SpeechConfig extends OpusEncoderConfig {
  readonly application: 'voip' | 'audio' | 'lowdelay'
  readonly signal: 'auto' | 'music' | 'voice'
}

const FOR_SPEECH: SpeechConfig = { application: 'voip', signal: 'voice', frameDuration: SOUND_MS * 1000, complexity: 8 }
export const OPUS_ENCODER: AudioEncoderConfig = {
  codec: 'opus',
  sampleRate: SAMPLE_RATE,
  numberOfChannels: 1,
  bitrate: 40_000,
  opus: FOR_SPEECH,
}
export const OPUS_DECODER: AudioDecoderConfig = { codec: 'opus', sampleRate: SAMPLE_RATE, numberOfChannels: 1 }

/** Returns the codecs that this browser can encode and decode. */
export async function codecsHere(): Promise<Codec[]> {
  return (await hasOpus()) ? ['opus', 'pcm'] : ['pcm']
}

async function hasOpus(): Promise<boolean> {
  if (typeof AudioEncoder === 'undefined' || typeof AudioDecoder === 'undefined') return false
  try {
    const [written, read] = await Promise.all([
      AudioEncoder.isConfigSupported(OPUS_ENCODER),
      AudioDecoder.isConfigSupported(OPUS_DECODER),
    ])
    return written.supported === true && read.supported === true
  } catch {
    return false
  }
}
