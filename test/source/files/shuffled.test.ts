import fc from 'fast-check'
import t from 'tap'
import { shuffled } from '../../../src/source/files/shuffled.ts'

/** Numbers from 0 up to 1 that depend on the seed alone. */
function randomFrom(seed: number): () => number {
  let state = seed
  return () => {
    state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0
    return state / 2 ** 32
  }
}

const tracksOf = (paths: readonly string[]) => paths.map((path) => ({ path }))

t.test('keeps all files, and does not start with the last one of the previous round', async (t) => {
  const path = fc.constantFrom('a', 'b', 'c', 'd', 'e')
  fc.assert(
    fc.property(fc.array(path), fc.option(path, { nil: undefined }), fc.nat(), (paths, last, seed) => {
      const order = shuffled(tracksOf(paths), last, randomFrom(seed)).map((track) => track.path)
      t.strictSame(order.toSorted(), paths.toSorted())
      if (paths.some((other) => other !== last)) t.not(order[0], last)
    }),
  )
})

t.test('chooses every order with about the same probability', async (t) => {
  const random = randomFrom(1)
  const counts = new Map<string, number>()
  for (let i = 0; i < 6_000; i++) {
    const order = shuffled(tracksOf(['a', 'b', 'c']), undefined, random).map(({ path }) => path)
    counts.set(order.join(''), (counts.get(order.join('')) ?? 0) + 1)
  }
  t.equal(counts.size, 6)
  for (const [order, count] of counts) t.ok(count > 850 && count < 1_150, `${order} ${count} times`)
})
