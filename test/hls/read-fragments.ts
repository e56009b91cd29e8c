/** Reads the boxes that segments of HLS consist of (ISO/IEC 14496-12), with none of the code that writes them. */

interface Box {
  readonly type: string
  readonly content: Buffer
}

/** A Media Initialization Section with one track. */
export interface Init {
  /** Unit of its times, in Hz. */
  readonly rate: number
  /** Type of its sample entry. */
  readonly codec: string
}

/** A movie fragment with one track. */
export interface Fragment {
  readonly sequence: number
  /** Decode time of the first packet. */
  readonly time: number
  readonly packets: readonly { readonly bytes: Buffer; readonly duration: number }[]
}

/** An event (ISO/IEC 23009-1, section 5.10.3.3). */
export interface Event {
  readonly scheme: string
  readonly rate: number
  readonly time: number
  readonly message: Buffer
}

const CONTAINERS = new Set(['moov', 'trak', 'mdia', 'minf', 'stbl', 'moof', 'traf', 'mvex'])

/** All boxes in the order in which they begin; containers have their content as well. @throws when lengths are wrong */
function boxesIn(bytes: Buffer): Box[] {
  const boxes: Box[] = []
  for (let at = 0; at < bytes.length; ) {
    const length = bytes.readUInt32BE(at)
    if (length < 8 || at + length > bytes.length)
      throw new Error(`a box of ${length} bytes at ${at} of ${bytes.length}`)
    const box = { type: bytes.toString('latin1', at + 4, at + 8), content: bytes.subarray(at + 8, at + length) }
    boxes.push(box)
    if (CONTAINERS.has(box.type)) boxes.push(...boxesIn(box.content))
    at += length
  }
  return boxes
}

/** @throws when there is not exactly one */
function only(boxes: readonly Box[], type: string): Buffer {
  const found = boxes.filter((box) => box.type === type)
  if (found[0] === undefined || found.length > 1) throw new Error(`${found.length} boxes ${type}`)
  return found[0].content
}

/** @throws when it is not one */
export function readInit(bytes: Buffer): Init {
  const boxes = boxesIn(bytes)
  if (boxes[0]?.type !== 'ftyp') throw new Error(`begins with ${boxes[0]?.type}`)
  if (boxes.some(({ type }) => type === 'moof' || type === 'mdat')) throw new Error('has sound')
  const entry = only(boxes, 'stsd').subarray(8)
  only(boxes, 'trex')
  return { rate: only(boxes, 'mdhd').readUInt32BE(12), codec: entry.toString('latin1', 4, 8) }
}

/** Takes a segment apart. @throws when it is not events and one fragment */
export function readFragment(bytes: Buffer): { readonly events: readonly Event[]; readonly fragment: Fragment } {
  const boxes = boxesIn(bytes)
  const start = bytes.length - lengthFrom(boxes, 'moof')
  const sequence = only(boxes, 'mfhd').readUInt32BE(4)
  const tfdt = only(boxes, 'tfdt')
  const time = tfdt[0] === 1 ? Number(tfdt.readBigUInt64BE(4)) : tfdt.readUInt32BE(4)
  const packets = packetsOf(bytes.subarray(start), only(boxes, 'tfhd'), only(boxes, 'trun'))
  const end = packets.reduce((sum, packet) => sum + packet.bytes.length, 0)
  if (end !== only(boxes, 'mdat').length) throw new Error('mdat has other bytes than its packets')
  const events = boxes.filter(({ type }) => type === 'emsg').map(({ content }) => readEvent(content))
  return { events, fragment: { sequence, time, packets } }
}

/** Length of the top-level boxes from the first one of a type on. */
function lengthFrom(boxes: readonly Box[], type: string): number {
  const top = boxes.filter((box) => ['moof', 'mdat'].includes(box.type))
  if (top[0]?.type !== type) throw new Error(`no ${type} first`)
  return top.reduce((sum, { content }) => sum + content.length + 8, 0)
}

function packetsOf(bytes: Buffer, tfhd: Buffer, trun: Buffer): { bytes: Buffer; duration: number }[] {
  const common = (tfhd.readUInt32BE(0) & 0x08) === 0 ? undefined : tfhd.readUInt32BE(8)
  const hasDurations = (trun.readUInt32BE(0) & 0x100) !== 0
  let [at, entry] = [trun.readUInt32BE(8), 12]
  return Array.from({ length: trun.readUInt32BE(4) }, () => {
    const duration = hasDurations ? trun.readUInt32BE(entry) : (common ?? 0)
    if (hasDurations) entry += 4
    const length = trun.readUInt32BE(entry)
    entry += 4
    at += length
    return { bytes: bytes.subarray(at - length, at), duration }
  })
}

function readEvent(content: Buffer): Event {
  if (content[0] !== 1) throw new Error(`an event of version ${content[0]}`)
  const end = content.indexOf(0, 24)
  const scheme = content.toString('latin1', 24, end)
  const message = content.subarray(content.indexOf(0, end + 1) + 1)
  return { scheme, rate: content.readUInt32BE(4), time: Number(content.readBigUInt64BE(8)), message }
}
