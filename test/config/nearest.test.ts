import t from 'tap'
import { editDistance } from '../../src/config/edit-distance.ts'
import { nearest } from '../../src/config/nearest.ts'

t.test('the distance of two words is the number of letters to change', async (t) => {
  t.equal(editDistance('', ''), 0)
  t.equal(editDistance('', 'abc'), 3)
  t.equal(editDistance('abc', ''), 3)
  t.equal(editDistance('kitten', 'sitting'), 3)
  t.equal(editDistance('path', 'path'), 0)
})

t.test('the nearest word is one with the same beginning, else the one with the fewest changes', async (t) => {
  const known = ['address', 'path', 'reopen', 'source-buffer']
  t.equal(nearest('adress', known), 'address')
  t.equal(nearest('PATH', known), 'path')
  t.equal(nearest('sour', known), 'source-buffer')
  t.equal(nearest('re-open', known), 'reopen')
  t.equal(nearest('x', []), undefined)
})

t.test('a word of a million letters is compared without delay', async (t) => {
  const start = performance.now()
  nearest('a'.repeat(1e6), ['address', 'path'])
  t.ok(performance.now() - start < 1000)
})
