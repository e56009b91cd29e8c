import fc from 'fast-check'
import t from 'tap'
import { inNaturalOrder } from '../../../src/source/files/natural-order.ts'

const sorted = (names: readonly string[]) => inNaturalOrder(names, (name) => name)

t.test('sorts numbers in names by value', async (t) => {
  const names = ['10 end', '2 b', '1 z', 'Track 9', 'track 10', 'Track 1', 'Ж 3', 'Ж 20', '曲2', '曲10', 'a', 'B', 'c']
  const inOrder = [
    '1 z',
    '2 b',
    '10 end',
    'a',
    'B',
    'c',
    'Track 1',
    'Track 9',
    'track 10',
    'Ж 3',
    'Ж 20',
    '曲2',
    '曲10',
  ]
  t.strictSame(await sorted(names), inOrder)
})

t.test('returns the same order for any previous order, and loses no name', async (t) => {
  const name = fc.oneof(fc.string(), fc.constantFrom('1', '01', '001', 'a', 'A', 'á', 'a1', 'a01'))
  const names = fc
    .uniqueArray(name)
    .chain((list) => fc.tuple(fc.constant(list), fc.shuffledSubarray(list, { minLength: list.length })))
  await fc.assert(
    fc.asyncProperty(names, async ([list, again]) => {
      const one = await sorted(list)
      t.strictSame(await sorted(again), one)
      t.strictSame(one.toSorted(), list.toSorted())
    }),
  )
})

t.test('sorts a hundred thousand names without blocking the event loop', async (t) => {
  const names = Array.from({ length: 100_000 }, (_, i) => `Track ${(i * 7_919) % 100_000}.mp3`)
  let isDone = false
  let turns = 0
  const count = () => {
    turns++
    if (!isDone) setImmediate(count)
  }
  count()
  const inOrder = await sorted(names)
  isDone = true
  t.strictSame(
    inOrder,
    Array.from(names, (_, i) => `Track ${i}.mp3`),
  )
  t.ok(turns > 300, `${turns} turns`)
})
