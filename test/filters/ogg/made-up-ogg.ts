import { seal } from '../../../filters/ogg/page.ts'
import { noise } from '../made-up.ts'

/** Pages of Ogg made without an encoder. */

/** Content of a page. */
export interface MadeUpPage {
  readonly serial?: number
  readonly sequence: number
  /** Undefined when no packet ends on this page. */
  readonly granule?: number | undefined
  /** 1 continued, 2 first, 4 last. */
  readonly flags?: number
  readonly packets: readonly Buffer[]
  /** True when the last packet, of a multiple of 255 bytes, continues on the next page. */
  readonly open?: boolean
}

export function oggPage({ serial = 1, sequence, granule, flags = 0, packets, open = false }: MadeUpPage): Buffer {
  const lacing = packets.flatMap(({ length }, i) => {
    const whole = Array.from({ length: Math.floor(length / 255) }, () => 255)
    return open && i === packets.length - 1 ? whole : [...whole, length % 255]
  })
  const head = Buffer.alloc(27)
  head.write('OggS')
  head[5] = flags
  if (granule === undefined) head.fill(0xff, 6, 14)
  else head.writeBigInt64LE(BigInt(granule), 6)
  head.writeUInt32LE(serial, 14)
  head.writeUInt32LE(sequence >>> 0, 18)
  head[26] = lacing.length
  const page = Buffer.concat([head, Buffer.from(lacing), ...packets])
  seal(page)
  return page
}

function opusHead(): Buffer {
  const head = Buffer.alloc(19)
  head.write('OpusHead')
  head[8] = 1
  head[9] = 2
  return head
}

/** A Vorbis comment, without a prefix. */
export function comments(...fields: readonly string[]): Buffer {
  return Buffer.concat([text('somebody'), uint32(fields.length), ...fields.map(text)])
}

function text(content: string): Buffer {
  return Buffer.concat([uint32(Buffer.byteLength(content)), Buffer.from(content)])
}

function uint32(value: number): Buffer {
  const bytes = Buffer.alloc(4)
  bytes.writeUInt32LE(value)
  return bytes
}

/** The two header pages of Opus, and `count` pages of 200 ms each. */
export function opusPages(count: number, serial = 1, sequence = 0, tagged = noise(100, serial)): Buffer[] {
  const tags = Buffer.concat([Buffer.from('OpusTags'), tagged])
  return [
    oggPage({ serial, sequence, granule: 0, flags: 2, packets: [opusHead()] }),
    oggPage({ serial, sequence: sequence + 1, granule: 0, packets: [tags] }),
    ...Array.from({ length: count }, (_, i) => {
      const packets = Array.from({ length: 10 }, (_, k) => noise(20 + ((i + k) % 9) * 40, serial + i * 10 + k))
      return oggPage({ serial, sequence: sequence + 2 + i, granule: (i + 1) * 9600, packets })
    }),
  ]
}
