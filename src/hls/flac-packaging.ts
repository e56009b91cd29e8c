import { headerOfFrame } from '../../filters/flac/header.ts'
import { FLAC_NUMBERS, withNumber } from '../../filters/flac/number.ts'
import { allowAnyBlock, forgetLength, readStreamInfo, STREAMINFO_BYTES } from '../../filters/flac/streaminfo.ts'
import { streamInfoAt } from '../../filters/ogg/codec.ts'
import { fullBox } from './boxes.ts'
import { fmp4Packaging } from './fmp4.ts'
import type { Packet } from './fragment.ts'
import { firstPacket, oggPackets } from './ogg-packets.ts'
import type { Packaging, SegmentFrames } from './packaging.ts'

/** Head of a STREAMINFO that is the last metadata block. */
const BLOCK_HEAD = Buffer.from([0x80, 0, 0, STREAMINFO_BYTES])

/** Position of STREAMINFO in the preamble of a frame that is not in Ogg, in bytes. */
const NATIVE_INFO_AT = 8

/** Returns the packaging of FLAC that is not in Ogg; undefined: its STREAMINFO is not known. */
export function nativeFlac(preamble: Buffer): Packaging | undefined {
  const info = preamble.subarray(NATIVE_INFO_AT, NATIVE_INFO_AT + STREAMINFO_BYTES)
  return info.length === STREAMINFO_BYTES ? flacPackaging(info, ({ frames }) => frames) : undefined
}

/** The same in Ogg. @param preamble of the first page @param first page */
export function oggFlac(preamble: Buffer, first: Buffer): Packaging | undefined {
  const packet = firstPacket(Buffer.concat([preamble, first]))
  const at = packet && streamInfoAt(packet)
  if (packet === undefined || at === undefined) return undefined
  return flacPackaging(packet.subarray(at, at + STREAMINFO_BYTES), oggPackets)
}

/**
 * Packs FLAC ("Encapsulation of FLAC in ISO Base Media File Format"). Frames have the numbers of their samples in the epoch, so they
 * are the same at all origins, and decoders find no gap.
 * @param framesOf returns the frames of FLAC in a segment
 */
function flacPackaging(streamInfo: Buffer, framesOf: (segment: SegmentFrames) => readonly Buffer[]): Packaging {
  const info = Buffer.from(streamInfo)
  forgetLength(info, 0)
  allowAnyBlock(info, 0)
  const { rate, channels, bitsPerSample } = readStreamInfo(info, 0)
  const configuration = fullBox('dfLa', 0, 0, BLOCK_HEAD, info)
  const track = { type: 'fLaC', rate, channels, bitsPerSample, configuration }
  return fmp4Packaging(track, 'fLaC', (segment, time) => packetsOf(framesOf(segment), time))
}

function packetsOf(frames: readonly Buffer[], time: number): Packet[] {
  const packets: Packet[] = []
  let number = time
  for (const frame of frames) {
    const header = headerOfFrame(frame)
    if (header === undefined) continue
    packets.push({ bytes: withNumber(frame, header, number % FLAC_NUMBERS), samples: header.blockSize })
    number += header.blockSize
  }
  return packets
}
