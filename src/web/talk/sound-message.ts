import { type Codec, SOUND_HEADER_BYTES } from '../../talk/protocol.ts'

/** Sound as sent over the network; src/talk/protocol.ts defines the bytes. */
export interface SoundMessage {
  readonly codec: Codec
  readonly sequence: number
  /** When its first sample was captured, in samples. */
  readonly at: number
  readonly payload: Uint8Array<ArrayBuffer>
}

const NUMBERS: Readonly<Record<Codec, number>> = { pcm: 0, opus: 1 }

export function packSound({ codec, sequence, at, payload }: SoundMessage): Uint8Array<ArrayBuffer> {
  const message = new Uint8Array(SOUND_HEADER_BYTES + payload.length)
  const header = new DataView(message.buffer)
  header.setUint8(0, NUMBERS[codec])
  header.setUint32(4, sequence)
  header.setUint32(8, at)
  message.set(payload, SOUND_HEADER_BYTES)
  return message
}

/** @returns undefined when the message is unknown. */
export function unpackSound(message: ArrayBuffer): SoundMessage | undefined {
  if (message.byteLength <= SOUND_HEADER_BYTES) return undefined
  const header = new DataView(message)
  const number = header.getUint8(0)
  const codec = (['pcm', 'opus'] as const).find((one) => NUMBERS[one] === number)
  if (codec === undefined) return undefined
  const payload = new Uint8Array(message, SOUND_HEADER_BYTES)
  return { codec, sequence: header.getUint32(4), at: header.getUint32(8), payload }
}
