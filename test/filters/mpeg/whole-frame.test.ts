import t from 'tap'
import { mainDataBegin } from '../../../filters/mpeg/layer-3.ts'
import { createMp3 } from '../../../filters/mpeg/mp3.ts'
import { wholeFrame } from '../../../filters/mpeg/whole-frame.ts'
import { framesOf } from '../../hls/cut-segments.ts'
import { needs } from '../../programs.ts'
import { decodeMp3 } from '../decoders.ts'
import { lame } from '../encoded.ts'
import { mpegFrames } from '../made-up.ts'

const NOTHING = Buffer.alloc(0)
const skip = needs('lame', 'ffmpeg', 'mpg123', 'madplay')

const STREAMS = new Map([
  ['CBR 128', () => lame('-b', '128')],
  ['CBR 64 mono', () => lame('-b', '64', '-a', '-m', 'l')],
  ['VBR', () => lame('-V', '5')],
  ['with checksums', () => lame('-p', '-b', '96')],
  ['MPEG-2, 22.05 kHz', () => lame('--resample', '22.05', '-b', '48')],
  ['MPEG-2.5, 8 kHz', () => lame('--resample', '8', '-b', '16')],
])

/** All frames, with a whole frame in place of each `step`-th one, and how many were replaced. */
function replaced(mp3: Buffer, step: number) {
  const { frames, preamble } = framesOf(createMp3, mp3)
  const places: number[] = []
  const bytes = frames.map(({ bytes }, at) => {
    if (at % step !== 1) return bytes
    const whole = wholeFrame(bytes, preamble(at), frames[at + 1]?.bytes) ?? bytes
    if (whole !== bytes) places.push(at)
    return whole
  })
  return { frames: frames.map((frame) => frame.bytes), bytes, places }
}

for (const [name, make] of STREAMS) {
  await t.test(`${name}: a whole frame sounds like the one that it replaces`, { skip }, async (t) => {
    const mp3 = make()
    const { frames, bytes, places } = replaced(mp3, 5)
    t.ok(places.length > 5, `${places.length} frames are replaced`)
    for (const decoder of ['ffmpeg', 'madplay'] as const) {
      t.ok(decodeMp3(decoder, Buffer.concat(frames)).equals(decodeMp3(decoder, Buffer.concat(bytes))), decoder)
    }
    for (const at of places.slice(0, 3)) {
      t.equal(mainDataBegin(bytes[at] ?? NOTHING), 0)
      const rest = Buffer.concat(bytes.slice(at))
      t.ok(decodeMp3('mpg123', rest).length > 0, 'a decoder that begins with it does not complain')
    }
  })
}

await t.test('a frame that needs nothing of others stays as it is', async (t) => {
  const [frame = NOTHING] = mpegFrames(1, 1)
  t.equal(wholeFrame(frame, NOTHING, undefined), frame)
})

await t.test('frames of CBR 320 have no room for more', { skip }, async (t) => {
  const { frames, preamble } = framesOf(createMp3, lame('-b', '320'))
  const [frame = NOTHING, next] = frames.slice(30).map(({ bytes }) => bytes)
  t.ok(mainDataBegin(frame) > 0)
  t.equal(wholeFrame(frame, preamble(30), next), undefined)
})

await t.test('without the missing main data there is no whole frame', { skip }, async (t) => {
  const [frame = NOTHING] = framesOf(createMp3, lame('-b', '128'))
    .frames.slice(30)
    .map(({ bytes }) => bytes)
  t.equal(wholeFrame(frame, NOTHING, undefined), undefined)
})
