/** Relays under supervision: speed, silence and demand. */
import t, { type Test } from 'tap'
import { loadFilter } from '../../../filters/load-filter.ts'
import { plainFrames } from '../../delivery/plain-mp3.ts'
import { MemoryListener } from '../../stream/listeners-in-memory.ts'
import { beginRun } from '../../stream/long-run.ts'
import { passUntil } from './pass-until.ts'
import { ok, relayOf, startUpstream } from './upstream.ts'

const FRAME_MS = 1152 / 44.1
const HEAD = ok('Content-Type: audio/mpeg\r\n')

/** Starts a stream of MP3 from this answer, with a listener. @param flags as on the command line */
async function startRun(t: Test, body: Buffer, flags: readonly string[] = []) {
  const upstream = await startUpstream(t, (socket) => socket.write(Buffer.concat([Buffer.from(HEAD), body])))
  const create = await loadFilter('auto')
  const run = beginRun(create, (clock) => relayOf([upstream.url], {}, clock), flags)
  t.teardown(() => run.stream.stop('the test is over'))
  const sink = new MemoryListener(run.delivery, () => {})
  return { ...run, sink, upstream }
}

t.test('slows a server that sends faster than real time to a lead of 10 s', async (t) => {
  const { clock, came } = await startRun(t, Buffer.concat(plainFrames(5_000, 1)))
  const startedAt = clock.now()
  await passUntil(clock, 20_000, () => false)
  const passedMs = clock.now() - startedAt
  const leadMs = came.us / 1_000 - passedMs
  // The last chunk, of up to 64 KiB, is read as a whole.
  t.ok(leadMs > 8_000 && leadMs < 10_000 + 175 * FRAME_MS, `${leadMs} ms`)
})

t.test('opens a relay that sends nothing for 30 s again', async (t) => {
  const { clock, stream, upstream } = await startRun(t, Buffer.concat(plainFrames(50, 1)))
  t.ok(await passUntil(clock, 10_000, () => stream.sourceState.kind === 'open'))
  const openedAt = clock.now()
  t.ok(await passUntil(clock, 60_000, () => upstream.requests.length === 2))
  t.ok(clock.now() - openedAt >= 29_000)
  t.match(stream.sourceState.lastEnd, { why: 'quiet for 30 s', failed: true })
})

t.test('waits as long as the operator wants for a relay that sends nothing', async (t) => {
  const flags = ['-max-quiet-interval', '50s']
  const { clock, stream, upstream } = await startRun(t, Buffer.concat(plainFrames(50, 1)), flags)
  t.ok(await passUntil(clock, 10_000, () => stream.sourceState.kind === 'open'))
  t.notOk(await passUntil(clock, 40_000, () => upstream.requests.length === 2))
  t.ok(await passUntil(clock, 20_000, () => upstream.requests.length === 2))
})

t.test('connects for its first listener, and disconnects with its last with close-idle', async (t) => {
  const { clock, stream, upstream, sink } = await startRun(t, Buffer.concat(plainFrames(50, 1)), ['-close-idle'])
  t.ok(await passUntil(clock, 10_000, () => stream.sourceState.kind === 'open'))
  sink.leave()
  t.ok(await passUntil(clock, 10_000, () => stream.sourceState.kind === 'closed' && upstream.sockets.size === 0))
  t.equal(upstream.requests.length, 1)
})

t.test('a relay that is closed while it connects has neither opened nor failed', async (t) => {
  const upstream = await startUpstream(t, () => {})
  const create = await loadFilter('auto')
  const { stream, delivery, clock } = beginRun(create, (own) => relayOf([upstream.url], {}, own), ['-close-idle'])
  const sink = new MemoryListener(delivery, () => {})
  t.ok(await passUntil(clock, 5_000, () => upstream.requests.length === 1))
  sink.leave()
  t.ok(await passUntil(clock, 5_000, () => stream.sourceState.kind === 'closed' && upstream.sockets.size === 0))
  const { openings, failures } = stream.counters
  t.strictSame({ openings, failures }, { openings: 0, failures: 0 })
  t.match(stream.sourceState.lastEnd, { why: 'no listeners', failed: false })
})

t.test('a limit of quiet time does not run while a relay tries its addresses', async (t) => {
  const slow = await startUpstream(t, () => {})
  const other = await startUpstream(t, (socket) => socket.write(HEAD + plainFrames(1, 1)[0]?.toString('latin1')))
  const create = await loadFilter('auto')
  const flags = ['-max-quiet-interval', '2s']
  const run = beginRun(create, (own) => relayOf([slow.url, other.url], {}, own), flags)
  const sink = new MemoryListener(run.delivery, () => {})
  t.ok(await passUntil(run.clock, 15_000, () => run.stream.sourceState.kind === 'open'))
  t.ok(await passUntil(run.clock, 5_000, () => run.stream.sourceState.kind === 'retrying'))
  t.match(run.stream.sourceState.lastEnd, { why: 'quiet for 2 s' })
  sink.leave()
  await run.stream.stop('the test is over')
})
