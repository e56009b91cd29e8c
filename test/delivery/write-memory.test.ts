import t from 'tap'
import { WriteMemory } from '../../src/delivery/write-memory.ts'

const KIB = 1024

t.test('allows large writes while memory is free', async (t) => {
  const memory = new WriteMemory(64 * KIB * KIB)
  t.equal(memory.largest, 256 * KIB)
  memory.hold(32 * KIB * KIB)
  t.equal(memory.largest, 256 * KIB)
})

t.test('takes at most 16 KiB for each slow listener beyond the limit', async (t) => {
  const limit = 4 * KIB * KIB
  const memory = new WriteMemory(limit)
  let held = 0
  for (let listener = 0; listener < 1_000; listener++) {
    const bytes = memory.largest
    memory.hold(bytes)
    held += bytes
  }
  t.ok(held <= limit + 1_000 * 16 * KIB, `${held} bytes`)
  t.equal(memory.largest, 16 * KIB)
})

t.test('allows large writes again when slow listeners have taken theirs', async (t) => {
  const memory = new WriteMemory(4 * KIB * KIB)
  memory.hold(4 * KIB * KIB)
  t.equal(memory.largest, 16 * KIB)
  memory.release(4 * KIB * KIB)
  t.equal(memory.largest, 256 * KIB)
})
