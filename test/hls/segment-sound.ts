import { adtsKind } from '../../filters/aac/adts-header.ts'
import { mpegFrameBytes, mpegKind } from '../../filters/mpeg/header.ts'
import { readFragment, readInit } from './read-fragments.ts'
import { readPackedAudio } from './read-packed-audio.ts'

/** Sound of a segment. */
export interface SegmentSound {
  /** Time of its first sample, in seconds. */
  readonly start: number
  /** The time starts again at 0 after so many seconds. */
  readonly turn: number
  readonly duration: number
  /** Of its longest frame. */
  readonly frame: number
  /** A player of another one cannot go on with it. */
  readonly format: string
  /** Increases from segment to segment; undefined: the format has none. */
  readonly order: number | undefined
}

const TICKS = 90_000

/** Reads a segment. @param init undefined: it is packed audio @throws when it cannot be read */
export function soundOf(bytes: Buffer, init: Buffer | undefined): SegmentSound {
  return init === undefined ? soundOfPackedAudio(bytes) : soundOfFragment(bytes, init)
}

function soundOfPackedAudio(bytes: Buffer): SegmentSound {
  const { tags, frames, durationUs } = readPackedAudio(bytes)
  const [first] = frames
  const [tag] = tags
  if (first === undefined) throw new Error('no frame')
  if (tag?.us !== 0 || tag.timestamp === undefined) throw new Error('does not begin with a timestamp')
  if (tags.filter(({ timestamp }) => timestamp !== undefined).length > 1) throw new Error('more than one timestamp')
  const isMpeg = mpegFrameBytes(first, 0) > 0
  return {
    start: tag.timestamp / TICKS,
    turn: 2 ** 33 / TICKS,
    duration: durationUs / 1e6,
    frame: durationUs / 1e6 / frames.length,
    format: isMpeg ? `MPEG ${mpegKind(first, 0)}` : `ADTS ${adtsKind(first, 0)}`,
    order: undefined,
  }
}

function soundOfFragment(bytes: Buffer, init: Buffer): SegmentSound {
  const { rate, codec } = readInit(init)
  const { sequence, time, packets } = readFragment(bytes).fragment
  if (packets.length === 0) throw new Error('no packet')
  const durations = packets.map(({ duration }) => duration)
  return {
    start: time / rate,
    turn: 2 ** 64 / rate,
    duration: durations.reduce((sum, duration) => sum + duration, 0) / rate,
    frame: Math.max(...durations) / rate,
    format: `${codec} ${init.toString('base64')}`,
    order: sequence,
  }
}
