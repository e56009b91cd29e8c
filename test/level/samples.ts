import { type PcmEncoding, type PcmFormat, parsePcmFormat } from '../../filters/pcm-format.ts'

/** A sample at a time in seconds, as a part of full scale. */
export type Signal = (second: number, channel: number) => number

/** A sine. @param amplitude part of full scale */
export function sine(hz: number, amplitude: number): Signal {
  return (second) => amplitude * Math.sin(2 * Math.PI * hz * second)
}

type Write = (bytes: Buffer, value: number, at: number) => void

const WRITE: Readonly<Record<Exclude<PcmEncoding, 'mulaw' | 'alaw'>, Write>> = {
  u8: (bytes, value, at) => bytes.writeUInt8(Math.round(128 + value * 127), at),
  s16le: (bytes, value, at) => bytes.writeInt16LE(Math.round(value * 32_767), at),
  s24le: (bytes, value, at) => bytes.writeIntLE(Math.round(value * 8_388_607), at, 3),
  s32le: (bytes, value, at) => bytes.writeInt32LE(Math.round(value * 2_147_483_647), at),
  f32le: (bytes, value, at) => bytes.writeFloatLE(value, at),
  f64le: (bytes, value, at) => bytes.writeDoubleLE(value, at),
}

/** Returns `seconds` of a signal as samples. @param format as in `-pcm`, not one of G.711 */
export function samples(format: string, seconds: number, signal: Signal): Buffer {
  const pcm: PcmFormat = parsePcmFormat(format)
  const { encoding, rate, channels, bytesPerSample, blockBytes } = pcm
  if (encoding === 'mulaw' || encoding === 'alaw') throw new Error('not one of G.711')
  const blocks = Math.round(seconds * rate)
  const bytes = Buffer.alloc(blocks * blockBytes)
  for (let i = 0; i < blocks * channels; i++) {
    const channel = i % channels
    WRITE[encoding](bytes, signal(Math.floor(i / channels) / rate, channel), i * bytesPerSample)
  }
  return bytes
}
