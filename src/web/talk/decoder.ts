import type { Codec } from '../../talk/protocol.ts'
import { OPUS_DECODER } from './opus.ts'
import type { SoundMessage } from './sound-message.ts'

/** Decodes the partner's sound, each message in the codec that it names. */
export interface Decoder {
  decode(message: SoundMessage): void
  close(): void
}

/** Receives decoded sound. @param at the number of its first sample */
export type EmitSound = (samples: Float32Array | Int16Array, at: number) => void

/** Maximum number of packets queued for the decoder, which has its own thread; more are dropped. */
const MAX_WAITING_PACKETS = 5

export function createDecoder(emit: EmitSound): Decoder {
  let opus: Decoder | undefined
  const readers: Readonly<Record<Codec, (message: SoundMessage) => void>> = {
    pcm: ({ payload, at }) => emit(new Int16Array(payload.slice().buffer, 0, payload.length >> 1), at),
    opus(message) {
      opus ??= createOpusDecoder(emit)
      opus.decode(message)
    },
  }
  return {
    decode: (message) => readers[message.codec](message),
    close: () => opus?.close(),
  }
}

function createOpusDecoder(emit: EmitSound): Decoder {
  /** Positions of the packets in the decoder, whose own timestamps ignore missing packets. */
  let places: number[] = []
  let decoder = open()

  function open(): AudioDecoder {
    places = []
    const opened = new AudioDecoder({
      output(data) {
        const samples = new Float32Array(data.numberOfFrames)
        data.copyTo(samples, { planeIndex: 0, format: 'f32-planar' })
        data.close()
        emit(samples, places.shift() ?? 0)
      },
      // The decoder is closed then, and the next packet opens another one.
      error() {},
    })
    opened.configure(OPUS_DECODER)
    return opened
  }

  return {
    decode({ payload, at }) {
      if (decoder.state === 'closed') decoder = open()
      if (decoder.decodeQueueSize >= MAX_WAITING_PACKETS) return
      places.push(at)
      decoder.decode(new EncodedAudioChunk({ type: 'key', timestamp: 0, data: payload }))
    },
    close() {
      if (decoder.state !== 'closed') decoder.close()
    },
  }
}
