import fc from 'fast-check'
import t from 'tap'
import { ByteQueue } from '../../../filters/bytes/byte-queue.ts'
import { noise } from '../made-up.ts'
import { cut } from '../run-filter.ts'

await t.test('returns bytes within one chunk as a view of it', (t) => {
  const queue = new ByteQueue()
  const chunk = noise(100, 1)
  queue.append(chunk)
  queue.drop(10)
  const taken = queue.take(20)
  t.equal(taken.buffer, chunk.buffer)
  t.equal(taken.byteOffset, chunk.byteOffset + 10)
  t.equal(queue.length, 70)
  t.equal(queue.taken, 30)
  t.end()
})

await t.test('returns bytes that span chunks as a copy', (t) => {
  const queue = new ByteQueue()
  const chunks = cut(noise(100, 1), [30])
  for (const chunk of chunks) queue.append(chunk)
  const taken = queue.take(70)
  t.strictSame(taken, noise(100, 1).subarray(0, 70))
  t.ok(chunks.every((chunk) => chunk.buffer !== taken.buffer || chunk.byteOffset !== taken.byteOffset))
  t.end()
})

await t.test('peeks at the same bytes in any chunks, and at zeros past the end', (t) => {
  const bytes = noise(200, 2)
  const padded = Buffer.concat([bytes, Buffer.alloc(32)])
  const sizes = fc.array(fc.integer({ min: 1, max: 40 }), { minLength: 1, maxLength: 8 })
  const looks = fc.array(fc.tuple(fc.nat(150), fc.integer({ min: 1, max: 32 }), fc.nat(30)), { maxLength: 20 })
  const property = fc.property(sizes, looks, (sizes, looks) => {
    const queue = new ByteQueue()
    for (const chunk of cut(bytes, sizes)) queue.append(chunk)
    return looks.every(([offset, length, dropped]) => {
      const from = Math.min(queue.taken + offset, 200)
      const at = queue.look(from - queue.taken, length)
      const seen = queue.found.subarray(at, at + length)
      const right = seen.equals(padded.subarray(from, from + length))
      queue.drop(dropped)
      return right
    })
  })
  t.doesNotThrow(() => fc.assert(property))
  t.end()
})

await t.test('keeps its bytes when they are joined or iterated', (t) => {
  const bytes = noise(200, 2)
  const sizes = fc.array(fc.integer({ min: 1, max: 40 }), { minLength: 1, maxLength: 8 })
  const acts = fc.array(fc.tuple(fc.nat(60), fc.nat(60), fc.nat(30)), { maxLength: 20 })
  const property = fc.property(sizes, acts, (sizes, acts) => {
    const queue = new ByteQueue()
    for (const chunk of cut(bytes, sizes)) queue.append(chunk)
    return acts.every(([length, offset, dropped]) => {
      const left = bytes.subarray(queue.taken)
      const joined = Math.min(length, queue.length)
      queue.join(joined)
      const isInFront = queue.front.subarray(queue.head, queue.head + joined).equals(left.subarray(0, joined))
      const piece = offset < queue.length ? queue.piece(offset) : left.subarray(0, 1)
      const isThere = piece.equals(left.subarray(offset < queue.length ? offset : 0).subarray(0, piece.length))
      queue.drop(dropped)
      return isInFront && isThere && queue.length + queue.taken === 200
    })
  })
  t.doesNotThrow(() => fc.assert(property))
  t.end()
})

await t.test('becomes empty when more bytes are dropped than it holds', (t) => {
  const queue = new ByteQueue()
  for (const chunk of cut(noise(10, 1), [3])) queue.append(chunk)
  queue.drop(1000)
  t.equal(queue.length, 0)
  t.equal(queue.taken, 10)
  t.end()
})

await t.test('continues with the next chunk after it was emptied', (t) => {
  const queue = new ByteQueue()
  queue.append(noise(10, 1))
  queue.drop(10)
  queue.append(Buffer.alloc(0))
  queue.append(noise(5, 3))
  t.strictSame(queue.take(5), noise(5, 3))
  t.end()
})
