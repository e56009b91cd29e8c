import t from 'tap'
import { mappedStack } from '../../src/system/mapped-stack.ts'

/** The first line of `made.js` is from line 5, column 3 of `src/own.ts`. */
const MAP = JSON.stringify({ version: 3, sources: ['../../src/own.ts'], names: [], mappings: 'AAIE' })

const stack = (place: string) => `Error: no\n    at x (${place})\n    at node:internal/main:1:2`

t.test('a place in a file with a source map is one of its source', async (t) => {
  const folder = t.testdir({ 'made.js': 'x()', 'made.js.map': MAP, 'broken.js.map': '{', 'own.js': '' })
  t.equal(mappedStack(stack(`file://${folder}/made.js:1:1`)), stack('src/own.ts:5:3'))
  t.equal(mappedStack(stack(`${folder}/made.js:1:1`)), stack('src/own.ts:5:3'))
  for (const name of ['broken.js', 'own.js', 'missing.js']) {
    t.equal(mappedStack(stack(`file://${folder}/${name}:1:1`)), stack(`file://${folder}/${name}:1:1`))
  }
})
