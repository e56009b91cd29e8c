import t from 'tap'
import type { Frame, FrameFilter } from '../../../filters/frame-filter.ts'
import { mainDataBegin } from '../../../filters/mpeg/layer-3.ts'
import { createMp3 } from '../../../filters/mpeg/mp3.ts'
import { Ring } from '../../../src/ring/ring.ts'
import { needs, runProgram } from '../../programs.ts'
import { ffmpeg, lame } from '../encoded.ts'
import { DEFAULTS } from '../run-filter.ts'

const skip = needs('lame', 'ffmpeg')

/** Bytes of a sample of both channels. */
const STEREO = 4

const STREAMS = new Map([
  ['CBR 128', { make: () => lame('-b', '128'), samples: 1152, channels: 2 }],
  [
    'CBR 64 mono, as in docs/sound-card.md',
    { make: () => lame('-h', '-b', '64', '-a', '-m', 'l'), samples: 1152, channels: 1 },
  ],
  ['CBR 320', { make: () => lame('-b', '320'), samples: 1152, channels: 2 }],
  ['VBR', { make: () => lame('-V', '5'), samples: 1152, channels: 2 }],
  ['with checksums', { make: () => lame('-p', '-b', '96'), samples: 1152, channels: 2 }],
  ['MPEG-2, 22.05 kHz', { make: () => lame('--resample', '22.05', '-b', '48'), samples: 576, channels: 2 }],
  ['MPEG-2.5, 8 kHz', { make: () => lame('--resample', '8', '-b', '16'), samples: 576, channels: 2 }],
])

/** Frames of a stream, in a ring with room for all, and the filter that made them. */
function framed(bytes: Buffer) {
  const ring = new Ring({ frames: 100_000 })
  const filter: FrameFilter = createMp3(DEFAULTS)
  const push = (frame: Frame) => ring.push(frame)
  filter.push(bytes, push)
  filter.end(push)
  return { ring, filter }
}

function decode(mp3: Buffer): Buffer {
  return runProgram('ffmpeg', ['-v', 'error', '-xerror', '-f', 'mp3', '-i', '-', '-f', 's16le', '-'], mp3)
}

function framesFrom(ring: Ring, at: number): Buffer {
  return Buffer.concat(Array.from({ length: ring.next - at }, (_, i) => ring.at(at + i)?.bytes ?? Buffer.alloc(0)))
}

for (const [name, { make, samples, channels }] of STREAMS) {
  await t.test(
    `${name}: new listeners get the same sound as the others from the second or third frame on`,
    { skip },
    (t) => {
      const { ring, filter } = framed(make())
      const whole = decode(framesFrom(ring, 0))
      const frameBytes = samples * channels * (STEREO / 2)
      // MPEG-2 has one granule per frame, so that the overlap of the filter bank extends one frame further.
      const unlike = samples === 1152 ? 1 : 2
      for (const at of [1, 2, 7, 20, Math.floor(ring.next / 2), ring.next - 10]) {
        const before = filter.preamble?.(at, ring, true)
        if (before === null || before === undefined) throw new Error(`nobody can join at ${at}`)
        const extra = before.length > 0 ? 1 : 0
        const heard = decode(Buffer.concat([before, framesFrom(ring, at)])).subarray((extra + unlike) * frameBytes)
        t.ok(heard.length > 0 && heard.equals(whole.subarray(whole.length - heard.length)), `from frame ${at}`)
      }
      t.end()
    },
  )
}

await t.test('starts at the newest frame without a lead-in when the ring is too small for one', { skip }, (t) => {
  const { ring: all, filter } = framed(lame('-b', '128'))
  const ring = new Ring({ frames: 3 })
  for (let at = 0; at < 60; at++) ring.push(all.at(at) ?? { bytes: Buffer.alloc(0), durationUs: 0 })
  const missing = Array.from({ length: 60 }, (_, at) => mainDataBegin(all.at(at)?.bytes ?? Buffer.alloc(40)))
  t.ok((missing[57] ?? 0) > 0)
  t.equal(filter.preamble?.(57, ring, true), null)
  t.ok(filter.preamble?.(59, ring, true) !== null)
  t.end()
})

await t.test('sends nothing before a frame without splicing', { skip }, (t) => {
  const bytes = lame('-b', '128')
  const { ring } = framed(bytes)
  const filter: FrameFilter = createMp3({ ...DEFAULTS, splice: false })
  filter.push(bytes, () => {})
  t.ok(
    Array.from({ length: ring.next }, (_, at) => filter.preamble?.(at, ring, true)?.length).every(
      (bytes) => bytes === 0,
    ),
  )
  t.end()
})

await t.test('sends nothing before a frame of Layers I and II', { skip }, (t) => {
  const { ring, filter } = framed(ffmpeg('-f', 'mp2', '-b:a', '128k'))
  t.equal(filter.preamble?.(10, ring, true)?.length, 0)
  t.end()
})
