import t from 'tap'
import { openMeasured } from './measured.ts'
import { samples, sine } from './samples.ts'

const FORMAT = 's16le:8000:1'
const HOOKED = ['-on-silence', 'true', '-pcm', FORMAT]
const FLAGS = [...HOOKED, '-silence-after', '2s', '-silence-level', '-40']
const QUIET = samples(FORMAT, 1, sine(400, 0.001))
const LOUD = samples(FORMAT, 1, sine(400, 0.5))

t.test('silence begins after its minimum time, and ends with sound', async (t) => {
  const { stream, meters, give, ofSilence } = openMeasured(t, FLAGS)
  meters.measureForHooks(stream)
  await give(LOUD)
  await give(QUIET)
  t.strictSame(ofSilence(), [])
  await give(QUIET)
  t.match(ofSilence(), [{ kind: 'silence began', ms: 2_000 }])
  t.not(meters.read(stream)?.silentSince, undefined)
  await give(QUIET)
  await give(LOUD)
  t.match(ofSilence(), [{ kind: 'silence began' }, { kind: 'silence ended', ms: 3_000 }])
  t.equal(meters.read(stream)?.silentSince, undefined)
  t.equal(Math.round(stream.counters.silentMs), 3_000)
})

t.test('the event has the level of the silence', async (t) => {
  const { stream, meters, give, ofSilence } = openMeasured(t, FLAGS)
  meters.measureForHooks(stream)
  await give(Buffer.concat([QUIET, QUIET]))
  const [event] = ofSilence()
  t.ok(event?.kind === 'silence began' && Math.abs(event.level + 63) < 0.5)
})

t.test(
  'sound that is shorter than the minimum ends the silence, and a pause between two songs begins none',
  async (t) => {
    const { stream, meters, give, ofSilence } = openMeasured(t, FLAGS)
    meters.measureForHooks(stream)
    for (let i = 0; i < 3; i++) for (const part of [LOUD, QUIET]) await give(part)
    t.strictSame(ofSilence(), [])
  },
)

t.test('silence goes on over several openings of the source', async (t) => {
  const { stream, meters, give, ofSilence, reopen } = openMeasured(t, FLAGS)
  meters.measureForHooks(stream)
  await give(QUIET)
  await reopen()
  await give(QUIET)
  t.match(ofSilence(), [{ kind: 'silence began', ms: 2_000 }])
})

t.test('a time of 0 disables the search for silence', async (t) => {
  const { stream, meters, give, ofSilence } = openMeasured(t, ['-pcm', FORMAT, '-silence-after', '0'])
  meters.read(stream)
  for (let i = 0; i < 20; i++) await give(QUIET)
  t.strictSame(ofSilence(), [])
})

t.test('a changed plan counts from the next samples on', async (t) => {
  const { stream, meters, give, ofSilence } = openMeasured(t, FLAGS)
  meters.measureForHooks(stream)
  await give(Buffer.concat([QUIET, QUIET]))
  stream.change({ ...stream.plan, silence: { afterMs: 2_000, level: -80 } })
  await give(QUIET)
  t.match(ofSilence(), [{ kind: 'silence began' }, { kind: 'silence ended' }])
})

t.test('a stream is measured as long as it has a hook of its silence', async (t) => {
  const { stream, meters, give, ofSilence } = openMeasured(t, [
    '-on-sound',
    'true',
    '-pcm',
    FORMAT,
    '-silence-after',
    '2s',
  ])
  meters.measureForHooks(stream)
  await give(Buffer.concat([LOUD, LOUD]))
  stream.change({ ...stream.plan, hooks: {} })
  for (let i = 0; i < 5; i++) await give(samples(FORMAT, 1, () => 0))
  t.strictSame(ofSilence(), [])
})
