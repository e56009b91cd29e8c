/** Streams made without an encoder: valid headers, and bodies of noise that is the same in every run. */

/** Pseudo-random bytes, the same for the same seed. */
export function noise(bytes: number, seed: number): Buffer {
  const made = Buffer.alloc(bytes)
  let state = (seed * 2_654_435_761 + 1) >>> 0
  for (let i = 0; i < bytes; i++) {
    // The generator of Numerical Recipes; its high bits are the good ones.
    state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0
    made[i] = state >>> 24
  }
  return made
}

/** MPEG-1 Layer III, 44.1 kHz, 128 kbit/s. */
const MP3_HEADER = Buffer.from('fffb9044', 'hex')
/** The same at 48 kHz. */
export const MP3_48K_HEADER = Buffer.from('fffb9444', 'hex')
/** MPEG-2 Layer III, 22.05 kHz, 32 kbit/s, mono. */
export const MPEG2_MONO_HEADER = Buffer.from('fff340c4', 'hex')

/** `count` frames of `bytes` bytes with the given header, whose main data begin in themselves (`main_data_begin` is 0). */
export function mpegFrames(count: number, seed: number, header: Buffer = MP3_HEADER, bytes = 417): Buffer[] {
  const start = Buffer.concat([header, Buffer.alloc(2)])
  return Array.from({ length: count }, (_, i) => Buffer.concat([start, noise(bytes - 6, seed * 1000 + i)]))
}

/** Frames like those of `mpegFrames`, but with side information of noise: main data begin and end anywhere. */
export function wildMpegFrames(count: number, seed: number, header: Buffer = MP3_HEADER, bytes = 417): Buffer[] {
  return Array.from({ length: count }, (_, i) => Buffer.concat([header, noise(bytes - 4, seed * 1000 + i)]))
}

/** Frames as an encoder makes them: main data of 250 to 500 bytes, contiguous, in areas of 381 bytes. */
export function reservoirFrames(count: number, seed: number): Buffer[] {
  const sizes = noise(count, seed)
  let begin = 0
  return Array.from({ length: count }, (_, i) => {
    const [frame = Buffer.alloc(0)] = mpegFrames(1, seed * 100 + i)
    const size = Math.min(381 + begin, Math.max(begin - 130, 250 + (sizes[i] ?? 0)))
    frame.fill(0, 4, 36)
    frame.writeUInt16BE(begin << 7, 4)
    // Each of the four granules has a quarter of the main data: two bits a byte (part2_3_length).
    for (let granule = 0; granule < 4; granule++) writeBits(frame, 32 + 20 + 59 * granule, 12, size * 2)
    begin += 381 - size
    return frame
  })
}

function writeBits(bytes: Buffer, at: number, width: number, value: number): void {
  for (let i = 0; i < width; i++) {
    const bit = (value >> (width - 1 - i)) & 1
    const byte = (at + i) >> 3
    bytes[byte] = (bytes[byte] ?? 0) | (bit << (7 - ((at + i) & 7)))
  }
}

/** `count` LOAS frames of about 300 bytes. */
export function loasFrames(count: number, seed: number): Buffer[] {
  return Array.from({ length: count }, (_, i) => {
    const body = noise(300 + ((i * 37) % 50), seed * 1000 + i)
    return Buffer.concat([Buffer.from([0x56, 0xe0 | (body.length >> 8), body.length & 0xff]), body])
  })
}

/** `count` ADTS frames (AAC LC, 44.1 kHz, stereo) of about 300 bytes. */
export function adtsFrames(count: number, seed: number): Buffer[] {
  return Array.from({ length: count }, (_, i) => adtsFrame(300 + ((i * 37) % 50), seed * 1000 + i))
}

function adtsFrame(bytes: number, seed: number): Buffer {
  const frame = Buffer.concat([Buffer.from('fff15080001ffc', 'hex'), noise(bytes - 7, seed)])
  frame[3] = 0x80 | (bytes >> 11)
  frame[4] = (bytes >> 3) & 0xff
  frame[5] = ((bytes & 7) << 5) | 0x1f
  return frame
}

/** An ID3v2.4 tag with this content. */
export function id3v2(content: Buffer, footer = false): Buffer {
  const size = content.length
  const sizeBytes = [(size >> 21) & 0x7f, (size >> 14) & 0x7f, (size >> 7) & 0x7f, size & 0x7f]
  const fields = [4, 0, footer ? 0x10 : 0, ...sizeBytes]
  const end = footer ? Buffer.from([0x33, 0x44, 0x49, ...fields]) : Buffer.alloc(0)
  return Buffer.concat([Buffer.from([0x49, 0x44, 0x33, ...fields]), content, end])
}

/** An ID3v1 tag. */
export function id3v1(): Buffer {
  return Buffer.from('TAG'.padEnd(128, '\0'), 'latin1')
}

/** An APEv2 tag, header and footer, with this content. */
export function apeTag(content: Buffer): Buffer {
  const part = (flags: number) => {
    const head = Buffer.alloc(32)
    head.write('APETAGEX', 'latin1')
    head.writeUInt32LE(2000, 8)
    head.writeUInt32LE(content.length + 32, 12)
    head.writeUInt32LE(1, 16)
    head.writeUInt32LE(flags, 20)
    return head
  }
  return Buffer.concat([part(0xa0000000), content, part(0x80000000)])
}

/** A Layer III frame that contains a Xing table instead of sound. */
export function xingFrame(name: 'Xing' | 'Info' = 'Xing'): Buffer {
  const frame = Buffer.alloc(417)
  MP3_HEADER.copy(frame)
  frame.write(name, 36, 'latin1')
  return frame
}
