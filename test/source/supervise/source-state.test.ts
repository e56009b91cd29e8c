import t from 'tap'
import { type Source, SourceError } from '../../../src/source/source.ts'
import { Supervisor } from '../../../src/source/supervise/supervisor.ts'
import { pause } from '../../../src/system/clock.ts'
import { keepLog } from '../../kept-log.ts'
import { createManualClock, type ManualClock } from '../../manual-clock.ts'

/** A chunk at once, a second one after 3 s, and a failure after another 10 s. */
async function* chunks(clock: ManualClock, signal: AbortSignal): AsyncGenerator<Buffer> {
  yield Buffer.alloc(10)
  await pause(clock, 3_000, signal)
  yield Buffer.alloc(10)
  await pause(clock, 10_000, signal)
  if (!signal.aborted) throw new SourceError('exit code 7')
}

function supervise(opens: (clock: ManualClock) => Promise<void>, reopen = true, takesMs = 0) {
  const clock = createManualClock(0)
  const source: Source = {
    label: 'made up',
    async open(signal) {
      await opens(clock)
      return { chunks: chunks(clock, signal), about: {} }
    },
  }
  const ingest = {
    opened: () => {},
    titled: () => {},
    connected: () => {},
    described: () => {},
    chunk: () => (takesMs > 0 ? pause(clock, takesMs) : undefined),
    closed: () => Promise.resolve({ frames: 2, paced: false }),
    away: () => {},
    hasListeners: true,
    finished: () => {},
  }
  const policy = { reopen, bytesPerSecond: 0, maxQuietMs: 0, warm: false }
  return { clock, supervisor: new Supervisor(source, policy, ingest, () => {}, clock, keepLog().logger) }
}

t.test('reports each state of a source, with its time and reason', async (t) => {
  const { clock, supervisor } = supervise((own) => pause(own, 500))
  t.match(supervisor.state, { kind: 'closed', since: 0, openings: 0, lastEnd: undefined, retryAt: undefined })
  await clock.advance(100)
  supervisor.start()
  await clock.advance(100)
  t.match(supervisor.state, { kind: 'opening', since: 100, openings: 0 })
  await clock.advance(500)
  t.match(supervisor.state, { kind: 'open', since: 600, openings: 1, lastEnd: undefined })
  // After 13 s it fails, and there is a pause of 0.1 s.
  await clock.advance(12_910)
  t.match(supervisor.state, {
    kind: 'retrying',
    since: 13_600,
    retryAt: 13_700,
    lastEnd: { at: 13_600, why: 'exit code 7', failed: true },
  })
  await clock.advance(1_000)
  t.match(supervisor.state, { kind: 'open', openings: 2, retryAt: undefined, lastEnd: { why: 'exit code 7' } })
  const stopped = supervisor.stop('no listeners')
  await clock.advance(1)
  await stopped
  t.match(supervisor.state, { kind: 'closed', lastEnd: { why: 'no listeners', failed: false } })
})

t.test('reports a source that cannot be opened', async (t) => {
  const { clock, supervisor } = supervise(() => Promise.reject(new SourceError('no such thing')))
  supervisor.start()
  await clock.advance(10)
  t.match(supervisor.state, { kind: 'retrying', openings: 0, lastEnd: { why: 'no such thing', failed: true } })
})

t.test('reports a source that is not opened again as ended', async (t) => {
  const { clock, supervisor } = supervise(() => Promise.resolve(), false)
  supervisor.start()
  await clock.advance(20_000)
  t.match(supervisor.state, { kind: 'ended', since: 13_000, lastEnd: { why: 'exit code 7', failed: true } })
})

t.test('reports for how long an open source has sent nothing', async (t) => {
  const { clock, supervisor } = supervise(() => Promise.resolve())
  t.equal(supervisor.state.quietMs, 0)
  supervisor.start()
  await clock.advance(2_000)
  t.equal(supervisor.state.quietMs, 2_000)
  await clock.advance(1_500)
  t.equal(supervisor.state.quietMs, 500)
})

t.test('does not report a source as quiet while it is not read', async (t) => {
  const { clock, supervisor } = supervise(() => Promise.resolve(), true, 2_500)
  supervisor.start()
  await clock.advance(2_400)
  t.equal(supervisor.state.quietMs, 0)
})
