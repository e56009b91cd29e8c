import type { Test } from 'tap'
import { createMp3 } from '../../filters/mpeg/mp3.ts'
import { HlsStream } from '../../src/hls/hls-stream.ts'
import { openMeasured } from '../level/measured.ts'
import { readPackedAudio } from './read-packed-audio.ts'

/** Duration of each frame of `plainFrames`, in microseconds. */
export const FRAME_US = (1152 / 44_100) * 1e6

/** A stream of MP3 with HLS, whose frames are from the test. @param segment as on the command line */
export function openCut(t: Test, segment = '1s') {
  const flags = ['-frame-filter', 'mp3', '-hls', '-hls-segment', segment, '-exec', 'true']
  const measured = openMeasured(t, flags, createMp3)
  const hls = new HlsStream(measured.stream, measured.clock)
  t.teardown(() => hls.end())
  const text = () => hls.playlist.read('')?.text ?? ''
  const uris = () => text().match(/^[^#\n].*$/gm) ?? []
  const packed = (uri: string) => {
    const [, epoch = '', number = '', tag = ''] = /^(\w+)\/(\d+)\.mp3\?h=(\w+)$/.exec(uri) ?? []
    return hls.playlist.segments.find(epoch, number, 'mp3', tag)?.bytes() ?? Buffer.alloc(0)
  }
  return {
    ...measured,
    hls,
    text,
    /** URIs of the playlist. */
    uris,
    /** Bytes of a segment. */
    packed,
    /** Bytes of the frames in a segment. */
    frameBytes: (uri: string) => Buffer.concat(readPackedAudio(packed(uri)).frames),
  }
}
