import t from 'tap'
import { outcomeOf } from './outcome.ts'

const tap = (...lines: string[]) => ['TAP version 14', ...lines, ''].join('\n')

t.test('checks are counted, and the lines that sum them up are not', async (t) => {
  t.strictSame(
    outcomeOf(
      tap(
        '# Subtest: a.test.js',
        '    # Subtest: sums',
        '        ok 1 - one',
        '        ok 2 - two',
        '        1..2',
        '    ok 1 - sums # time=4ms',
        '    ok 2 - plays # SKIP no lame here',
        '    1..2',
        'ok 1 - a.test.js # time=9ms',
      ),
    ),
    { passed: 2, failed: [], skipped: ['plays # SKIP no lame here'] },
  )
})

t.test('a failed check is named with its file and its tests, once, and with what tap says of it', async (t) => {
  const { passed, failed } = outcomeOf(
    tap(
      '# Subtest: a.test.js',
      '    # Subtest: sums',
      '        ok 1 - one',
      '        not ok 2 - two',
      '          ---',
      '          stack: |',
      '            ok 3 - said by the program under test',
      '          ...',
      '        1..2',
      '    not ok 1 - sums # time=4ms',
      '      ---',
      '      source: a.test.js',
      '      ...',
      'not ok 1 - a.test.js # time=9ms',
    ),
  )
  t.equal(passed, 1)
  t.strictSame(failed, [
    {
      name: 'a.test.js > sums > two',
      why: '          stack: |\n            ok 3 - said by the program under test\n',
    },
  ])
})

t.test('a file that came to a bad end with all its checks passed is a failure', async (t) => {
  const { passed, failed } = outcomeOf(
    tap(
      '# Subtest: a.test.js',
      '    ok 1 - one',
      'ok 1 - a.test.js # time=9ms',
      '# Subtest: b.test.js',
      '    ok 1 - one',
      'not ok 2 - b.test.js # time=9ms',
      '  ---',
      '  signal: SIGKILL',
      '  ...',
    ),
  )
  t.equal(passed, 2)
  t.strictSame(failed, [{ name: 'b.test.js', why: '  signal: SIGKILL\n' }])
})
