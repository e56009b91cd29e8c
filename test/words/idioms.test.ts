import { spawnSync } from 'node:child_process'
import { fileURLToPath } from 'node:url'
import t from 'tap'
import { commentsOf, idiomsIn } from './idioms.ts'

t.test('finds comments, each in one line of text', async (t) => {
  const source = `/** Adds a listener,
 * and starts the source. */
const url = 'http://localhost' // behind code: not counted
  // First line,
  // second line.
const text = '/* no comment */'
`
  t.strictSame(commentsOf(source), [
    { line: 1, text: 'Adds a listener, and starts the source.' },
    { line: 4, text: 'First line, second line.' },
  ])
})

t.test('finds idioms, each kind once', async (t) => {
  t.strictSame(idiomsIn('Who asks so often is told that there is no such page. Others wait.'), [
    'Who a',
    'so often',
    'is no',
    'Others',
    'is told',
  ])
  t.strictSame(idiomsIn('A client that is no longer connected receives nothing; another one does.'), [])
})

t.test('the project has few comments with an idiom', async (t) => {
  const count = fileURLToPath(new URL('count.js', import.meta.url))
  const { status, stdout } = spawnSync(process.execPath, [count], { encoding: 'utf8' })
  t.equal(status, 0, stdout.trim().split('\n').at(-1) ?? '')
})
