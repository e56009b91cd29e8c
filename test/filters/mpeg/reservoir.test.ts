import t from 'tap'
import type { Frame, FrameFilter } from '../../../filters/frame-filter.ts'
import { mainDataBegin } from '../../../filters/mpeg/layer-3.ts'
import { createMp3 } from '../../../filters/mpeg/mp3.ts'
import { Ring } from '../../../src/ring/ring.ts'
import { mpegFrames, noise, reservoirFrames, xingFrame } from '../made-up.ts'
import { cut, DEFAULTS, joined, runFilter } from '../run-filter.ts'

const encoded = reservoirFrames(40, 1)

/** Index of the first frame, from `from` on, whose main data begin in earlier frames. */
function needy(from: number): number {
  return encoded.findIndex((frame, i) => i >= from && mainDataBegin(frame) > 100)
}

/** Main data of earlier frames that frame `at` needs. */
function needed(frames: readonly Buffer[], at: number): Buffer {
  const all = Buffer.concat(frames.slice(0, at).map((frame) => frame.subarray(36)))
  return all.subarray(all.length - mainDataBegin(frames[at] ?? noise(417, 1)))
}

/** Output of the filter, and the index of the first frame that is not from the input. */
function made(input: readonly Buffer[]) {
  const outcome = runFilter(createMp3, [Buffer.concat(input)])
  const out = outcome.frames.map((frame) => frame.bytes)
  return { ...outcome, out, at: out.findIndex((bytes) => !input.some((frame) => frame.equals(bytes))) }
}

await t.test('passes on the output of an encoder unchanged from its start', (t) => {
  const { out, skippedBytes } = made(encoded)
  t.strictSame(out, encoded)
  t.equal(skippedBytes, 0)
  t.ok(encoded.filter((frame) => mainDataBegin(frame) > 0).length > 20)
  t.end()
})

await t.test('replaces frames without their data by one silent frame after a start in the middle', (t) => {
  const start = needy(10)
  const { out, at, frames, skippedBytes } = made(encoded.slice(start))
  t.equal(at, 0)
  const withheld = encoded.length - start - (out.length - 1)
  t.strictSame(out.slice(1), encoded.slice(start + withheld))
  t.equal(skippedBytes, withheld * 417)
  t.ok(withheld > 0 && withheld < 4)
  const [silent = noise(1, 1)] = out
  t.ok(silent.subarray(4, 36).equals(Buffer.alloc(32)), 'no granule sounds')
  const data = needed(encoded, start + withheld)
  t.ok(silent.subarray(silent.length - data.length).equals(data))
  t.equal(frames[0]?.durationUs, frames[1]?.durationUs)
  t.end()
})

await t.test('gives the frame after lost bytes its own main data only', (t) => {
  const start = needy(20)
  const torn = Buffer.concat([encoded[6] ?? noise(1, 1), encoded[start - 1] ?? noise(1, 1)]).subarray(150, 700)
  const { out, at, skippedBytes } = made([...encoded.slice(0, 6), torn, ...encoded.slice(start)])
  t.strictSame(
    out.slice(0, at),
    encoded.slice(0, 5),
    'what was before, but for the frame that may have been torn itself',
  )
  const next = encoded.length - (out.length - at - 1)
  t.strictSame(out.slice(at + 1), encoded.slice(next))
  t.equal(skippedBytes, torn.length + (1 + next - start) * 417)
  const data = needed(encoded, next)
  t.ok(data.length > 0)
  t.ok(out[at]?.subarray(-data.length).equals(data))
  t.end()
})

await t.test('reports a break when main data of two frames overlap', (t) => {
  const whole = encoded.findIndex((frame, i) => i > 20 && mainDataBegin(frame) === 0)
  const start = needy(10)
  const input = [...encoded.slice(0, whole), ...encoded.slice(start)]
  const { out, at, skippedBytes } = made(input)
  t.equal(at, whole)
  t.ok(skippedBytes > 0)
  t.strictSame(out.slice(at + 1), encoded.slice(start + skippedBytes / 417))
  t.end()
})

await t.test('loses no other frame when the side information of one is broken', (t) => {
  for (const broken of [Buffer.alloc(32), Buffer.alloc(32, 0xff), noise(32, 3), noise(32, 4)]) {
    for (let at = 12; at < encoded.length - 2; at++) {
      const [frame = broken, ...rest] = encoded.slice(at)
      const damaged = Buffer.concat([frame.subarray(0, 4), broken, frame.subarray(36)])
      const { out } = made([...encoded.slice(0, at), damaged, ...rest])
      const lost = encoded.filter((good, i) => i !== at && !out.some((bytes) => bytes.equals(good)))
      if (lost.length > 0) t.fail(`${lost.length} frames lost beside frame ${at}`)
    }
  }
  t.ok(true)
  t.end()
})

await t.test('takes a frame without sound as the beginning of another stream', (t) => {
  const start = needy(10)
  const { out, at, skippedBytes } = made([...encoded.slice(0, start), xingFrame(), ...encoded.slice(start)])
  t.equal(at, start)
  t.ok(skippedBytes > 0)
  t.equal(out.length, encoded.length - skippedBytes / 417 + 1)
  t.end()
})

await t.test('finds the data for a later listener, in the silent frame too', (t) => {
  const ring = new Ring({ frames: 100 })
  const filter: FrameFilter = createMp3(DEFAULTS)
  const start = needy(10)
  const keep = (frame: Frame) => ring.push(frame)
  filter.push(Buffer.concat(encoded.slice(start)), keep)
  filter.end(keep)
  const before = encoded.length - ring.next
  for (let at = 0; at < ring.next; at++) {
    const missing = at === 0 ? Buffer.alloc(0) : needed(encoded, before + at)
    const lead = filter.preamble?.(at, ring, true)
    t.ok(lead?.subarray(lead.length - missing.length).equals(missing), `frame ${at}`)
    t.equal(lead?.length === 0, missing.length === 0)
  }
  t.end()
})

await t.test('adds nothing at a break between frames that need no other data', (t) => {
  const [a, b] = [mpegFrames(6, 1), mpegFrames(6, 2)]
  const { out, skippedBytes } = made([...a, noise(50, 1), ...b])
  t.strictSame(out, [...a.slice(0, -1), ...b])
  t.equal(skippedBytes, 50 + 417)
  t.end()
})

await t.test('passes on all frames unchanged without splicing', (t) => {
  const bytes = Buffer.concat(encoded.slice(needy(10)))
  const { frames, skippedBytes } = runFilter(createMp3, cut(bytes, [500]), { ...DEFAULTS, splice: false })
  t.ok(joined(frames).equals(bytes))
  t.equal(skippedBytes, 0)
  t.end()
})
