import { join } from 'node:path'
import t from 'tap'
import { outcomeOf } from './outcome.ts'
import { runFile } from './run-file.ts'

const PASSING = "console.log('TAP version 14\\nok 1 - one\\n1..1\\n# time=3ms')\n"
const FILES = {
  'passes.test.js': PASSING,
  'ends-early.test.js': "console.log('TAP version 14\\nok 1 - one')\n",
  'checks-nothing.test.js': '',
  'fails-behind.test.js': `${PASSING}console.error('what is wrong')\nprocess.exitCode = 3\n`,
  'is-killed.test.js': `${PASSING}process.kill(process.pid, 'SIGKILL')\n`,
  'fails.test.js': PASSING.replace('ok 1', 'not ok 1'),
}

t.test('a file is good if it ends well, with all its checks, and with one at least', async (t) => {
  const folder = t.testdir(FILES)
  const paths = Object.keys(FILES).map((name) => join(folder, name))
  const runs = await Promise.all(paths.map((path) => runFile(path)))
  t.strictSame(
    runs.map(({ ok }) => ok),
    [true, false, false, false, false, false],
  )
  t.match(runs[3]?.stderr, 'what is wrong')

  const { passed, failed } = outcomeOf(runs.map(({ tap }) => tap).join('\n'))
  t.equal(passed, 4)
  const names = paths.slice(1).map((path) => (path.endsWith('/fails.test.js') ? `${path} > one` : path))
  t.strictSame(
    failed.map(({ name }) => name),
    names,
  )
  t.match(failed[2]?.why, 'exitCode: 3')
})
