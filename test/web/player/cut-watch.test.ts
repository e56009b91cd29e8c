import t from 'tap'
import { CutWatch } from '../../../src/web/player/cut-watch.ts'

const MINUTE_MS = 60_000

/** A watch, and connections that last for a time each. */
function bench() {
  let now = 0
  const failures: string[] = []
  const watch = new CutWatch(
    (failure) => failures.push(failure),
    () => now,
  )
  const connect = (lastsMs: number, { sounds = true, pauseMs = 0 } = {}) => {
    watch.began()
    if (sounds) watch.playing()
    now += lastsMs
    watch.lost()
    now += pauseMs
  }
  return { failures, connect }
}

t.test('gives up HTTP after the third short connection within two minutes', async (t) => {
  const { failures, connect } = bench()
  connect(20_000)
  connect(20_000)
  t.strictSame(failures, [])
  connect(20_000)
  t.strictSame(failures, ['cut'])
})

t.test('keeps HTTP when connections last for a minute, or are cut rarely', async (t) => {
  const { failures, connect } = bench()
  for (let i = 0; i < 10; i++) connect(MINUTE_MS)
  for (let i = 0; i < 10; i++) connect(10_000, { pauseMs: MINUTE_MS })
  t.strictSame(failures, [])
})

t.test('gives up HTTP when no sound arrives, twice', async (t) => {
  const { failures, connect } = bench()
  connect(8_000, { sounds: false })
  t.strictSame(failures, [])
  connect(8_000, { sounds: false })
  t.strictSame(failures, ['held-up'])
})

t.test('keeps HTTP when the server refuses connections', async (t) => {
  const { failures, connect } = bench()
  for (let i = 0; i < 20; i++) connect(100, { sounds: false, pauseMs: 3_000 })
  t.strictSame(failures, [])
})
