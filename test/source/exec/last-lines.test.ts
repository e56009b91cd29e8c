import t from 'tap'
import { createLastLines } from '../../../src/source/exec/last-lines.ts'
import { createManualClock } from '../../manual-clock.ts'

t.test('keeps the last 20 lines, each with its time', async (t) => {
  const clock = createManualClock(0)
  const said = createLastLines(clock)
  t.strictSame(said.lines, [])
  for (let i = 0; i < 50; i++) {
    said.add(`line ${i}`)
    await clock.advance(10)
  }
  t.equal(said.lines.length, 20)
  t.strictSame(said.lines.at(0), { at: 300, text: 'line 30' })
  t.strictSame(said.lines.at(-1), { at: 490, text: 'line 49' })
})

t.test('cuts off a long line, visibly', async (t) => {
  const said = createLastLines(createManualClock())
  said.add('x'.repeat(100_000))
  said.add('y'.repeat(500))
  const [long, short] = said.lines.map(({ text }) => text)
  t.equal(long, `${'x'.repeat(499)}…`)
  t.equal(short, 'y'.repeat(500))
})

t.test('returns another array only when there are new lines', async (t) => {
  const said = createLastLines(createManualClock())
  said.add('one')
  const before = said.lines
  t.equal(said.lines, before)
  said.add('two')
  t.not(said.lines, before)
  t.equal(before.length, 1)
})
