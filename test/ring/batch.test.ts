import fc from 'fast-check'
import t from 'tap'
import { framesFor, gather } from '../../src/ring/batch.ts'
import { Ring } from '../../src/ring/ring.ts'

/** A ring of frames from these chunks. */
function ringOf(chunks: readonly (readonly string[])[]): Ring {
  const ring = new Ring({ frames: 1_000 })
  for (const frames of chunks) {
    const chunk = Buffer.from(frames.join(''))
    let at = 0
    for (const { length } of frames) ring.push({ bytes: chunk.subarray(at, (at += length)), durationUs: 0 })
  }
  return ring
}

const texts = fc.array(fc.string({ unit: 'binary-ascii', minLength: 1, maxLength: 12 }), { minLength: 1, maxLength: 8 })

t.test('a batch has consecutive frames, at least one and at most what fits, from any chunks', async (t) => {
  const at = fc.nat(60)
  fc.assert(
    fc.property(fc.array(texts, { minLength: 1, maxLength: 8 }), at, at, fc.nat(90), (chunks, a, b, maxBytes) => {
      const ring = ringOf(chunks)
      const from = Math.min(a, b, ring.next - 1)
      const to = Math.min(Math.max(a, b, from + 1), ring.next)
      const batch = gather(ring, from, to, maxBytes)
      const all = chunks.flat().slice(from, to)
      const count = batch.to - from
      const text = all.slice(0, count).join('')
      if (batch.from !== from || count < 1 || batch.to > to) return false
      if (batch.bytes.toString() !== text) return false
      if (count > 1 && text.length > maxBytes) return false
      // One more frame would not have fitted.
      return batch.to === to || text.length + (all[count]?.length ?? 0) > maxBytes
    }),
    { numRuns: 500 },
  )
  t.pass('as the concatenation says')
})

t.test('frames of one chunk are not copied; those of two are', async (t) => {
  const ring = ringOf([['ab', 'cd', 'ef'], ['gh']])
  const first = ring.at(0)?.bytes
  const one = gather(ring, 0, 3, 100)
  t.equal(one.bytes.buffer, first?.buffer)
  t.equal(one.bytes.byteOffset, first?.byteOffset)
  t.equal(one.bytes.toString(), 'abcdef')
  const two = gather(ring, 2, 4, 100)
  t.equal(two.bytes.toString(), 'efgh')
  two.bytes.fill('x')
  t.equal(ring.at(2)?.bytes.toString(), 'ef')
})

t.test('frames with a gap between them in the same chunk are not neighbours', async (t) => {
  const ring = new Ring({ frames: 10 })
  const chunk = Buffer.from('ab--cd')
  ring.push({ bytes: chunk.subarray(0, 2), durationUs: 0 })
  ring.push({ bytes: chunk.subarray(4, 6), durationUs: 0 })
  t.equal(gather(ring, 0, 2, 100).bytes.toString(), 'abcd')
})

t.test('a batch outlives its frames in the ring: pushing on changes none of its bytes', async (t) => {
  const ring = new Ring({ frames: 3 })
  for (const text of ['ab', 'cd', 'ef']) ring.push({ bytes: Buffer.from(text), durationUs: 0 })
  const batch = gather(ring, 0, 3, 100)
  for (let i = 0; i < 10; i++) ring.push({ bytes: Buffer.from('xx'), durationUs: 0 })
  t.equal(batch.bytes.toString(), 'abcdef')
})

t.test('a batch of no frames is empty', async (t) => {
  t.strictSame(gather(ringOf([['ab']]), 1, 1, 100), {
    from: 1,
    to: 1,
    bytes: Buffer.alloc(0),
    frames: [],
    nextNumber: 0,
  })
})

t.test('returns the fewest frames that hold a number of bytes', async (t) => {
  fc.assert(
    fc.property(texts, fc.nat(100), (frames, bytes) => {
      const to = framesFor(ringOf([frames]), 0, frames.length, bytes)
      const held = frames.slice(0, to).join('').length
      const fewer = frames.slice(0, Math.max(0, to - 1)).join('').length
      return (held >= bytes || to === frames.length) && (to === 0 || fewer < bytes)
    }),
  )
  t.equal(framesFor(ringOf([['ab', 'cd', 'ef']]), 0, 3, 3), 2)
})
