import t from 'tap'
import { describeFrames } from '../../../filters/sync/describe.ts'
import { adtsFrames, MPEG2_MONO_HEADER, mpegFrames, noise } from '../made-up.ts'

await t.test('MPEG audio is described by version, layer, rate, channels and bit rate', (t) => {
  t.equal(describeFrames('audio/mpeg', mpegFrames(4, 1)), 'MPEG-1 Layer III, 44100 Hz, joint stereo, 128 kbit/s')
  const mono = mpegFrames(4, 1, MPEG2_MONO_HEADER, 104)
  t.equal(describeFrames('audio/mpeg', mono), 'MPEG-2 Layer III, 22050 Hz, mono, 32 kbit/s')
  t.end()
})

await t.test('AAC is described by its profile, and its bit rate is about right', (t) => {
  t.match(describeFrames('audio/aac', adtsFrames(4, 1)), /^MPEG-4 AAC LC, 44100 Hz, stereo, about 1\d\d kbit\/s$/)
  t.end()
})

await t.test('describes a single frame', (t) => {
  t.equal(describeFrames('audio/mpeg', mpegFrames(1, 1)), 'MPEG-1 Layer III, 44100 Hz, joint stereo, 128 kbit/s')
  t.end()
})

await t.test('does not describe an empty input or noise', (t) => {
  t.equal(describeFrames('audio/mpeg', []), undefined)
  t.equal(describeFrames('audio/aac', [noise(500, 1)]), undefined)
  t.end()
})
