import t from 'tap'
import { Lane } from '../../../src/access/callbacks/lane.ts'
import { createManualClock } from '../../manual-clock.ts'

/** Opens a lane for tasks that end by hand. */
function open() {
  const clock = createManualClock()
  const lane = new Lane({ atOnce: 2, waiting: 2, waitMs: 1_000 }, clock)
  const ends: (() => void)[] = []
  const run = (name: string) => lane.run(() => new Promise<string>((resolve) => ends.push(() => resolve(name))))
  return { clock, lane, ends, run }
}

t.test('runs a number of tasks at once, and the others in their order', async (t) => {
  const { clock, ends, run, lane } = open()
  const results = ['a', 'b', 'c', 'd'].map(run)
  await clock.advance(0)
  t.equal(ends.length, 2)
  ends[1]?.()
  t.equal(await results[1], 'b')
  await clock.advance(0)
  t.equal(ends.length, 3)
  for (let i = 0; i < 4; i++) {
    ends[i]?.()
    await clock.advance(0)
  }
  t.strictSame(await Promise.all(results), ['a', 'b', 'c', 'd'])
  t.ok(lane.isIdle)
})

t.test('a task that waits for too long, or behind too many, does not begin', async (t) => {
  const { clock, ends, run } = open()
  const results = ['a', 'b', 'c', 'd', 'e'].map(run)
  t.equal(await results[4], undefined)
  await clock.advance(1_000)
  t.strictSame(await Promise.all(results.slice(2, 4)), [undefined, undefined])
  const late = run('f')
  ends[0]?.()
  await clock.advance(0)
  t.equal(ends.length, 3, 'and the next one does')
  ends[2]?.()
  t.equal(await late, 'f')
})
