import fc from 'fast-check'
import t from 'tap'
import { serviceNames } from '../../src/announcing/service-names.ts'

/** Any one. Those of fast-check take seconds to make. */
const CHARACTER = fc.integer({ min: 1, max: 0x10ffff }).map((code) => String.fromCodePoint(code))

const namesOf = (...streams: readonly [path: string, name?: string][]) => [
  ...serviceNames(
    streams.map(([path, name]) => ({ path, name })),
    'pi',
  ).values(),
]

t.test('names a service after its stream, and after the path where that is not enough', async (t) => {
  t.strictSame(namesOf(['/', 'Night Radio']), ['Night Radio'])
  t.strictSame(namesOf(['/'], ['/cd.mp3']), ['streamserve on pi', 'cd mp3'], 'without names')
  t.strictSame(namesOf(['/', 'A'], ['/b', 'A'], ['/c', 'C']), ['A', 'A – b', 'C'])
  t.strictSame(namesOf(['/a.b'], ['/a b']), ['a b', 'a b 2'])
})

t.test('names differ and fit into a label, whatever the streams are called', async () => {
  const stream = fc.tuple(
    fc.string({ unit: CHARACTER, maxLength: 90 }).map((text) => `/${text}`),
    fc.option(fc.string({ unit: CHARACTER, maxLength: 90 }), { nil: undefined }),
  )
  fc.assert(
    fc.property(fc.uniqueArray(stream, { maxLength: 12, selector: ([path]) => path }), (streams) => {
      const names = [
        ...serviceNames(
          streams.map(([path, name]) => ({ path, name })),
          'pi',
        ).values(),
      ]
      return (
        names.length === streams.length &&
        new Set(names.map((name) => name.toLowerCase())).size === names.length &&
        names.every((name) => name !== '' && !name.includes('.') && Buffer.byteLength(name) <= 63)
      )
    }),
    { numRuns: 30 },
  )
})
