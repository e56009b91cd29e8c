import { type Codec, SAMPLE_RATE } from '../../talk/protocol.ts'
import type { CapturedBlock } from '../audio/capture-messages.ts'
import { OPUS_ENCODER } from './opus.ts'

/** Encodes sound, block by block. */
export interface Encoder {
  encode(block: CapturedBlock): void
  /** Discards the blocks that are still queued. */
  close(): void
}

/** Receives encoded packets. @param at the number of its first sample */
export type EmitPacket = (payload: Uint8Array<ArrayBuffer>, at: number, codec: Codec) => void

/** Maximum number of blocks queued for the encoder, which has its own thread; more are dropped. */
const MAX_WAITING_BLOCKS = 5
const US_PER_SAMPLE = 1e6 / SAMPLE_RATE

/** @param codec PCM replaces it when it fails later, because every browser can read PCM */
export function createEncoder(codec: Codec, emit: EmitPacket): Encoder {
  return codec === 'opus' ? createOpusEncoder(emit) : createPcmEncoder(emit)
}

function createPcmEncoder(emit: EmitPacket): Encoder {
  return {
    encode: ({ samples, at }) => emit(new Uint8Array(toPcm(samples).buffer), at, 'pcm'),
    close() {},
  }
}

/** Converts to 16 bit in the byte order of this machine, which is little-endian wherever browsers run. */
function toPcm(samples: Float32Array): Int16Array<ArrayBuffer> {
  return Int16Array.from(samples, (sample) => Math.round(Math.max(-1, Math.min(1, sample)) * 0x7fff))
}

function createOpusEncoder(emit: EmitPacket): Encoder {
  const instead = createPcmEncoder(emit)
  const encoder = new AudioEncoder({
    output(chunk) {
      const payload = new Uint8Array(chunk.byteLength)
      chunk.copyTo(payload)
      emit(payload, Math.round(chunk.timestamp / US_PER_SAMPLE), 'opus')
    },
    // The encoder is closed then.
    error() {},
  })
  encoder.configure(OPUS_ENCODER)
  return {
    encode(block) {
      if (encoder.state !== 'configured') instead.encode(block)
      else if (encoder.encodeQueueSize < MAX_WAITING_BLOCKS) encodeBlock(encoder, block)
    },
    close() {
      if (encoder.state !== 'closed') encoder.close()
    },
  }
}

function encodeBlock(encoder: AudioEncoder, { samples, at }: CapturedBlock): void {
  const data = new AudioData({
    format: 'f32-planar',
    sampleRate: SAMPLE_RATE,
    numberOfChannels: 1,
    numberOfFrames: samples.length,
    timestamp: Math.round(at * US_PER_SAMPLE),
    data: samples,
  })
  encoder.encode(data)
  data.close()
}
