import t from 'tap'
import { outcomeOf } from './outcome.ts'

const tap = (...lines: string[]) => ['TAP version 14', ...lines, ''].join('\n')

t.test('counts checks, but not the lines that close subtests', async (t) => {
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
    { passed: 2, failed: [], skipped: ['a.test.js > plays # SKIP no lame here'] },
  )
})

t.test('names a failed check once, with its file, its tests and its diagnosis', async (t) => {
  const { passed, failed } = outcomeOf(
    tap(
      '# Subtest: a.test.js',
      '    # Subtest: sums',
      '        ok 1 - one',
      '        not ok 2 - two',
      '          ---',
      '          stack: |',
      '            ok 3 - printed by the program under test',
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
      why: 'stack: |\n  ok 3 - printed by the program under test\n',
    },
  ])
})

t.test('reports a file that was killed after its checks passed as failed', async (t) => {
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
  t.strictSame(failed, [{ name: 'b.test.js', why: 'signal: SIGKILL\n' }])
})
