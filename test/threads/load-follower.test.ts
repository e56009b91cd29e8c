import t from 'tap'
import { createLoadFollower } from '../../src/threads/load-follower.ts'
import { createManualClock } from '../manual-clock.ts'

const BUSY = [0.9]
const IDLE = [0.1]

t.test('requests one more thread when all have been busy for some time', async (t) => {
  const follower = createLoadFollower(4, createManualClock())
  t.strictSame(
    [BUSY, BUSY, IDLE, BUSY, BUSY, BUSY, BUSY].map((loads) => follower.look(loads)),
    [false, false, false, false, false, true, false],
  )
})

t.test('uses idle threads first', async (t) => {
  const follower = createLoadFollower(4, createManualClock())
  t.notOk([1, 2, 3, 4].some(() => follower.look([0.8, 0.1])))
  t.ok([1, 2, 3].some(() => follower.look([0.8, 0.3])))
})

t.test('never requests more than the maximum', async (t) => {
  const follower = createLoadFollower(2, createManualClock())
  t.notOk([1, 2, 3, 4, 5].some(() => follower.look([1, 1])))
  t.notOk([1, 2, 3, 4, 5].some(() => createLoadFollower(1, createManualClock()).look([1])))
})

t.test('pauses after a crash, and longer after each one that follows soon', async (t) => {
  const clock = createManualClock()
  const follower = createLoadFollower(2, clock)
  const pauseAfter = async (crashes: number) => {
    for (let i = 0; i < crashes; i++) follower.crashed()
    const crashedAt = clock.now()
    while (!follower.look(BUSY)) await clock.advance(500)
    return clock.now() - crashedAt
  }
  t.equal(await pauseAfter(1), 2_000)
  t.equal(await pauseAfter(1), 4_000)
  t.equal(await pauseAfter(1), 8_000)
  t.equal(await pauseAfter(20), 120_000, 'but not for ever')
})
