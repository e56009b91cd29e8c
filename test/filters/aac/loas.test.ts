import t from 'tap'
import { createAacAdts } from '../../../filters/aac/adts.ts'
import { holdsLoas } from '../../../filters/aac/loas.ts'
import { createAuto } from '../../../filters/auto/auto.ts'
import { createMp3 } from '../../../filters/mpeg/mp3.ts'
import { createRaw } from '../../../filters/raw.ts'
import { needs } from '../../programs.ts'
import { ffmpeg, music } from '../encoded.ts'
import { adtsFrames, loasFrames, mpegFrames, noise } from '../made-up.ts'
import { cut, joined, runFilter } from '../run-filter.ts'

const loas = Buffer.concat(loasFrames(60, 1))

await t.test('recognizes LOAS by three headers in a row, not by two', (t) => {
  const [a = loas, b = loas, c = loas] = loasFrames(3, 1)
  t.ok(holdsLoas(Buffer.concat([a, b, c])))
  t.ok(holdsLoas(Buffer.concat([a, b, c.subarray(0, 3)])))
  t.notOk(holdsLoas(Buffer.concat([a, b])))
  t.notOk(holdsLoas(Buffer.concat([a, b, c.subarray(0, 2)])))
  t.notOk(holdsLoas(Buffer.concat([a, b, c, noise(10, 1)])), 'with something else behind it')
  t.ok(holdsLoas(Buffer.concat([noise(77, 2), a, b, c])), 'in the middle of a frame')
  t.end()
})

await t.test('does not recognize noise, silence, music, MP3 and ADTS as LOAS, and takes linear time', (t) => {
  const others = [Buffer.alloc(8192), Buffer.alloc(8192, 0x56), Buffer.alloc(8192, 'V\xe0\x00', 'latin1'), music(1)]
  for (let seed = 0; seed < 300; seed++) others.push(noise(8192, seed))
  others.push(Buffer.concat(mpegFrames(20, 1)), Buffer.concat(adtsFrames(20, 1)))
  const startedAt = performance.now()
  t.strictSame(others.filter(holdsLoas), [])
  t.ok(performance.now() - startedAt < 3000)
  t.end()
})

await t.test('aac-adts refuses LOAS at any offset and in any chunks', (t) => {
  for (const bytes of [loas, loas.subarray(50), Buffer.concat(loasFrames(4, 2))]) {
    for (const sizes of [[bytes.length], [1], [700]]) {
      const { filter, frames, skippedBytes } = runFilter(createAacAdts, cut(bytes, sizes))
      t.match(filter.refusal, /^AAC in LATM\/LOAS cannot be joined in the middle by players; make it ADTS/)
      t.strictSame(frames, [])
      t.equal(skippedBytes, bytes.length)
    }
  }
  t.end()
})

await t.test('emits nothing after a refusal', (t) => {
  const bytes = Buffer.concat([loas, ...adtsFrames(20, 1)])
  const { filter, frames, skippedBytes } = runFilter(createAacAdts, cut(bytes, [1000]))
  t.ok(filter.refusal)
  t.strictSame(frames, [])
  t.equal(skippedBytes, bytes.length)
  t.end()
})

await t.test('aac-adts accepts ADTS that begins within 8 KiB, with anything before and after it', (t) => {
  const adts = Buffer.concat(adtsFrames(20, 1))
  for (const bytes of [Buffer.concat([loas.subarray(0, 2000), adts, loas]), Buffer.concat([noise(9000, 3), adts])]) {
    const { filter, frames } = runFilter(createAacAdts, cut(bytes, [1000]))
    t.equal(filter.refusal, undefined)
    t.ok(joined(frames).length > adts.length - 400)
  }
  t.end()
})

await t.test('raw and mp3 refuse nothing', (t) => {
  for (const create of [createRaw, createMp3]) t.equal(runFilter(create, [loas]).filter.refusal, undefined)
  t.end()
})

await t.test(
  'refuses the output of ffmpeg from its first byte on, and from later ones',
  { skip: needs('ffmpeg') },
  (t) => {
    for (const args of [
      ['-b:a', '128k'],
      ['-b:a', '24k', '-ac', '1'],
      ['-ac', '6', '-b:a', '384k'],
    ]) {
      const bytes = ffmpeg('-c:a', 'aac', ...args, '-f', 'latm')
      for (const from of [0, 1, 1000, 5000]) {
        for (const create of [createAuto, createAacAdts]) {
          t.match(runFilter(create, cut(bytes.subarray(from), [4096])).filter.refusal, /LOAS/)
        }
      }
    }
    t.end()
  },
)
