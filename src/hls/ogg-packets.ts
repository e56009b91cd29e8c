import { identify } from '../../filters/ogg/codec.ts'
import { packetsIn } from '../../filters/ogg/packets.ts'
import { beginsStream, bodyOf, pageBytes } from '../../filters/ogg/page.ts'
import type { SegmentFrames } from './packaging.ts'

/**
 * Returns the packets of sound in a segment of Ogg with one logical stream. A packet belongs to the page in which it ends, as its time
 * does; the preamble has the beginning of the first one.
 */
export function oggPackets({ preamble, frames }: Pick<SegmentFrames, 'preamble' | 'frames'>): readonly Buffer[] {
  const links: Buffer[][] = []
  for (const page of [...pagesIn(preamble), ...frames]) {
    const link = links.at(-1)
    if (link === undefined || beginsStream(page)) links.push([page])
    else link.push(page)
  }
  return links.flatMap(soundOf)
}

/** Returns the first packet of a link, in its first page; undefined: it is not among these bytes. @param bytes whole pages */
export function firstPacket(bytes: Buffer): Buffer | undefined {
  const first = pagesIn(bytes).find(beginsStream)
  return first && packetsIn([first])[0]
}

function soundOf(pages: readonly Buffer[]): readonly Buffer[] {
  const packets = packetsIn(pages)
  const [first] = pages
  if (first === undefined || !beginsStream(first)) return packets
  const { headerPackets } = identify(bodyOf(first))
  return packets.slice(headerPackets ?? packets.findIndex(isFlacFrame))
}

function isFlacFrame(packet: Buffer): boolean {
  return packet[0] === 0xff
}

function pagesIn(bytes: Buffer): Buffer[] {
  const pages: Buffer[] = []
  for (let at = 0; at < bytes.length; at += pages.at(-1)?.length ?? bytes.length) {
    pages.push(bytes.subarray(at, at + pageBytes(bytes, at)))
  }
  return pages
}
