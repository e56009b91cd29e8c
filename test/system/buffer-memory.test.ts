import t from 'tap'
import { bufferMemory } from '../../src/system/buffer-memory.ts'

const MIB = 1024 * 1024

t.test('takes an eighth of a small machine, over all threads', async (t) => {
  t.same(bufferMemory(undefined, 4, 416 * MIB), { ring: 6.5 * MIB, writes: 6.5 * MIB })
})

t.test('takes at most 128 MiB a thread of a large machine', async (t) => {
  t.same(bufferMemory(undefined, 2, 1024 * 1024 * MIB), { ring: 64 * MIB, writes: 64 * MIB })
})

t.test('divides a given limit among the threads', async (t) => {
  t.same(bufferMemory(32 * MIB, 2, 416 * MIB), { ring: 8 * MIB, writes: 8 * MIB })
})

t.test('knows the memory of this machine', async (t) => {
  t.ok(bufferMemory(undefined, 1).ring > 0)
})
