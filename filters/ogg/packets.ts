import {
  bodyOf,
  CAPTURE_PATTERN,
  CONTINUED,
  FLAGS_AT,
  GRANULE_AT,
  isContinued,
  PAGE_HEAD_BYTES,
  pageHeadBytes,
  SEGMENTS_AT,
  SEQUENCE_AT,
  SERIAL_AT,
  seal,
  serialOf,
  WHOLE_SEGMENT,
} from './page.ts'

/** Division of packets into the pages of one logical stream: RFC 3533 5. */

const MAX_SEGMENTS = 255

/** Returns the packets that end in some consecutive pages. */
export function packetsIn(pages: readonly Buffer[]): Buffer[] {
  const packets: Buffer[] = []
  let parts: Buffer[] = []
  for (const page of pages) {
    const body = bodyOf(page)
    let [from, to] = [0, 0]
    if (!isContinued(page)) parts = []
    for (const segment of page.subarray(PAGE_HEAD_BYTES, pageHeadBytes(page, 0))) {
      to += segment
      if (segment === WHOLE_SEGMENT) continue
      packets.push(Buffer.concat([...parts, body.subarray(from, to)]))
      parts = []
      from = to
    }
    if (to > from) parts.push(body.subarray(from, to))
  }
  return packets
}

/**
 * @param nextSequence the number of the page that will follow.
 * @returns header pages that contain only these packets.
 */
export function headerPagesWith(packets: readonly Buffer[], serial: number, nextSequence: number): Buffer[] {
  const lacing = Buffer.concat(packets.map(lacingOf))
  const content = Buffer.concat(packets)
  const count = Math.ceil(lacing.length / MAX_SEGMENTS)
  let [at, isOpen] = [0, false]
  return Array.from({ length: count }, (_, i) => {
    const segments = lacing.subarray(i * MAX_SEGMENTS, (i + 1) * MAX_SEGMENTS)
    const bytes = segments.reduce((sum, segment) => sum + segment, 0)
    const head = headOf(serial, (nextSequence - count + i) >>> 0, segments.length)
    if (isOpen) head[FLAGS_AT] = CONTINUED
    if (segments.every((segment) => segment === WHOLE_SEGMENT)) markUnended(head)
    isOpen = segments.at(-1) === WHOLE_SEGMENT
    const page = Buffer.concat([head, segments, content.subarray(at, at + bytes)])
    at += bytes
    seal(page)
    return page
  })
}

/** Returns the segment lengths of a packet. */
function lacingOf(packet: Buffer): Buffer {
  const lacing = Buffer.alloc(Math.floor(packet.length / WHOLE_SEGMENT) + 1, WHOLE_SEGMENT)
  lacing[lacing.length - 1] = packet.length % WHOLE_SEGMENT
  return lacing
}

/** Groups pages by logical stream, in the order in which the streams begin. */
export function byStream(pages: readonly Buffer[]): Buffer[][] {
  const streams = new Map<number, Buffer[]>()
  for (const page of pages) {
    const serial = serialOf(page)
    const own = streams.get(serial)
    if (own === undefined) streams.set(serial, [page])
    else own.push(page)
  }
  return [...streams.values()]
}

/** @returns a page with only the last `segments` segments of `page`, the beginning of a packet that does not end in it. */
export function openPacketAlone(page: Buffer, segments: number): Buffer {
  const body = page.subarray(page.length - segments * WHOLE_SEGMENT)
  const alone = Buffer.concat([page.subarray(0, PAGE_HEAD_BYTES), Buffer.alloc(segments, WHOLE_SEGMENT), body])
  alone[FLAGS_AT] = 0
  markUnended(alone)
  alone[SEGMENTS_AT] = segments
  seal(alone)
  return alone
}

/** Returns the header of a page at position 0, without its segment table. */
function headOf(serial: number, sequence: number, segments: number): Buffer {
  const head = Buffer.alloc(PAGE_HEAD_BYTES)
  CAPTURE_PATTERN.copy(head)
  head.writeUInt32LE(serial, SERIAL_AT)
  head.writeUInt32LE(sequence, SEQUENCE_AT)
  head[SEGMENTS_AT] = segments
  return head
}

/** Marks a page in which no packet ends: its position is -1. */
function markUnended(page: Buffer): void {
  page.fill(0xff, GRANULE_AT, SERIAL_AT)
}
