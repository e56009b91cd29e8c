import fc from 'fast-check'
import t from 'tap'
import { createBackOff, type Outcome } from '../../../src/source/supervise/back-off.ts'

function after(livedMs: number, frames: number, paced = false): Outcome {
  return { livedMs, frames, paced, failed: frames === 0 }
}

t.test('doubles the pauses of a source that fails at once up to 10 s', async (t) => {
  const backOff = createBackOff({})
  const pauses = Array.from({ length: 10 }, () => backOff.next(after(5, 0)))
  t.strictSame(pauses, [100, 200, 400, 800, 1_600, 3_200, 6_400, 10_000, 10_000, 10_000])
})

t.test('does not count an opening as healthy for a few frames or a long silence', async (t) => {
  const hasty = createBackOff({})
  t.strictSame([hasty.next(after(500, 1e6)), hasty.next(after(500, 1e6))], [100, 200])
  const silent = createBackOff({})
  t.strictSame([silent.next(after(60_000, 0)), silent.next(after(60_000, 0))], [100, 200])
})

t.test('starts the pauses again after an opening with a second of frames', async (t) => {
  const backOff = createBackOff({})
  for (let i = 0; i < 20; i++) backOff.next(after(0, 0))
  t.strictSame([backOff.next(after(1_000, 1)), backOff.next(after(0, 0)), backOff.next(after(0, 0))], [100, 200, 400])
})

t.test('opens a source that waits by itself again at once after it sent something', async (t) => {
  const backOff = createBackOff({ patient: true })
  t.strictSame([backOff.next(after(1, 1)), backOff.next(after(1, 1))], [0, 0])
  t.strictSame(
    [backOff.next(after(1, 0)), backOff.next(after(1, 0)), backOff.next(after(1, 1)), backOff.next(after(1, 0))],
    [100, 200, 0, 100],
  )
})

t.test('opens the next file at once after a file of any duration in real time', async (t) => {
  const backOff = createBackOff({})
  t.strictSame([backOff.next(after(30, 400, true)), backOff.next(after(30, 400, true))], [0, 0])
})

t.test('pauses after all files of a list have failed, each time', async (t) => {
  const backOff = createBackOff({ tries: 3 })
  const pauses = Array.from({ length: 9 }, () => backOff.next(after(1, 0)))
  t.strictSame(pauses, [0, 0, 100, 0, 0, 200, 0, 0, 400])
  t.equal(backOff.next(after(100, 1, true)), 0)
  t.strictSame([backOff.next(after(1, 0)), backOff.next(after(1, 0)), backOff.next(after(1, 0))], [0, 0, 100])
})

t.test('never spins for a failing source, and never pauses longer than 10 s', async (t) => {
  const opening = fc.record({ livedMs: fc.nat(5_000), frames: fc.nat(2), paced: fc.boolean(), failed: fc.boolean() })
  fc.assert(
    fc.property(fc.boolean(), fc.array(opening), (patient, openings) => {
      const backOff = createBackOff({ patient })
      return openings.every((outcome) => {
        const pauseMs = backOff.next(outcome)
        const mayFollowAtOnce = (patient || outcome.paced) && outcome.frames > 0 && !outcome.failed
        return pauseMs <= 10_000 && (pauseMs >= 100 || mayFollowAtOnce)
      })
    }),
  )
  t.pass('between 0.1 and 10 s')
})

t.test('increases pauses when a source that waits by itself fails, whatever it sent before', (t) => {
  const backOff = createBackOff({ patient: true })
  const refused: Outcome = { livedMs: 60_000, frames: 0, paced: false, failed: true }
  t.strictSame([backOff.next(refused), backOff.next(refused), backOff.next(refused)], [100, 200, 400])
  const broken: Outcome = { livedMs: 5, frames: 3, paced: false, failed: true }
  t.strictSame([backOff.next(broken), backOff.next(broken)], [800, 1_600])
  t.end()
})
