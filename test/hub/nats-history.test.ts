import { type JetStreamManager, jetstreamManager, type StreamConfig } from '@nats-io/jetstream'
import { connect } from '@nats-io/transport-node'
import t, { type Test } from 'tap'
import type { HubLink } from '../../src/hub/hub-link.ts'
import { keepLog } from '../kept-log.ts'
import { until } from '../processes.ts'
import { needs } from '../programs.ts'
import { type Cluster, clusterOf } from './cluster.ts'
import { linkOf, sendNumbers, untilConnected } from './nats-link-of.ts'
import { NATS_PROGRAMS, natsVersion } from './nats-programs.ts'

const log = keepLog()
const skip = needs('nats-server')
const [FRAMES, ALL] = ['ss.a.radio.origin-a', 'ss.a.radio.*']
/** Maximum number of requests for kept messages. */
const TRIES = 3

/** Allows edges and origins everything, so that a test can look at the stream. */
const allowAll = (example: string) =>
  example.replaceAll(/permissions \{[^]*?\]\n +\}/g, 'permissions { publish: ">", subscribe: ">" }')

/** Connects to a hub of one server as a program of its owner would. */
async function manage(t: Test, { urls, caFile }: Cluster): Promise<JetStreamManager> {
  const tls = { caFile }
  const connection = await connect({ servers: [...urls], user: 'origin-a', pass: 'origin-a-secret', tls })
  t.teardown(() => connection.close())
  return jetstreamManager(connection, { checkAPI: false })
}

function addLiveStream(manager: JetStreamManager, config: Partial<StreamConfig>) {
  return manager.streams.add({ subjects: ['ss.a.>'], storage: 'memory', ...config, name: 'SS_LIVE' })
}

function numbersOf(kept: Awaited<ReturnType<HubLink['history']>>): number[] {
  return kept.map(({ payload }) => payload.readUInt32BE())
}

/** Returns the kept numbers of a time. On a busy machine they may not arrive in time, and then there are none: it asks again. */
async function keptNumbers(link: HubLink, ms: number): Promise<number[]> {
  for (let tries = 0; tries < TRIES; tries++) {
    const numbers = numbersOf(await link.history(ALL, ms))
    if (numbers.length > 0) return numbers
  }
  return []
}

for (const [where, program] of Object.entries(NATS_PROGRAMS)) {
  const version = natsVersion(program)
  // Those of Debian testing and unstable may not run on this system; see test/setup.sh.
  if (version === undefined && where === 'sid') continue
  const missing = version === undefined && `needs nats-server of ${where}`
  t.test(`the last seconds are kept by nats-server ${version}`, { skip: missing }, async (t) => {
    const hub = await clusterOf(t, { program })
    await hub.jetStreamReady()
    const origin = await linkOf(t, hub.plan('origin-a'), log)
    const edge = await linkOf(t, hub.plan('edge'), log)
    const numbers = sendNumbers(t, origin, edge, FRAMES)
    await numbers.arrivesAgain()
    await until('JetStream keeps frames', () => origin.state.keepsHistory)
    const from = numbers.arrived.at(-1)?.number ?? 0
    await until('half a second is kept', () => numbers.sent() > from + 60)
    const began = performance.now()
    const kept = await keptNumbers(edge, 10_000)
    t.comment(`${kept.length} messages in ${(performance.now() - began).toFixed(0)} ms`)
    const last = kept.at(-1) ?? 0
    t.ok(last > from + 30, 'up to now')
    const expected = Array.from({ length: kept.length }, (_, index) => last - kept.length + 1 + index)
    t.strictSame(kept, expected, 'each once, oldest first')
    t.ok(edge.state.keepsHistory)
    const few = await keptNumbers(edge, 200)
    t.ok(few.length > 2 && few.length < 60, `of the last 200 ms: ${few.length}`)
    t.strictSame(numbersOf(await edge.history('ss.a.other.*', 10_000)), [], 'none of another stream')
    t.match(
      [origin.state.problem, edge.state.problem],
      [undefined, undefined],
      'the permissions of the example suffice',
    )
    const created = log.records.findLast(({ message }) => message.join('') === 'hub history created')
    t.match(created?.properties, { replicas: 3, bytes: 256 * 2 ** 20 })
  })
}

t.test('an edge gets nothing at once where no origin has been', { skip }, async (t) => {
  const hub = await clusterOf(t, { servers: 1 })
  const edge = await linkOf(t, hub.plan('edge'), log)
  await untilConnected(edge)
  const began = performance.now()
  t.strictSame(await edge.history(ALL, 10_000), [])
  t.ok(performance.now() - began < 400, 'without waiting')
  t.match(edge.state, { keepsHistory: false, problem: undefined })
})

t.test('many streams are read together', { skip }, async (t) => {
  const hub = await clusterOf(t, { servers: 1, change: allowAll })
  const origin = await linkOf(t, hub.plan('origin-a'), log)
  const edge = await linkOf(t, hub.plan('edge'), log)
  await Promise.all([untilConnected(origin), untilConnected(edge)])
  const names = Array.from({ length: 30 }, (_, index) => `stream${index}`)
  const publishAll = (number: number) => {
    const payload = Buffer.alloc(2_000)
    payload.writeUInt32BE(number)
    for (const name of names) origin.publish(`ss.a.${name}.origin-a`, payload)
  }
  publishAll(0)
  await until('JetStream keeps frames', () => origin.state.keepsHistory)
  const manager = await manage(t, hub)
  await manager.streams.purge('SS_LIVE')
  for (let number = 1; number <= 100; number++) publishAll(number)
  await until('all are kept', async () => (await manager.streams.info('SS_LIVE')).state.messages === 3_000)
  const expected = Array.from({ length: 100 }, (_, index) => index + 1).join()
  // None come when they would come too late.
  await until('all are read', async () => {
    const all = await Promise.all(names.map((name) => edge.history(`ss.a.${name}.*`, 10_000)))
    return all.every((kept) => numbersOf(kept).join() === expected)
  })
  t.equal(edge.state.reconnects, 0)
  await until('there is no consumer', async () => (await manager.streams.info('SS_LIVE')).state.consumer_count === 0)
})

t.test('consumers are removed', { skip }, async (t) => {
  const hub = await clusterOf(t, { servers: 1, change: allowAll })
  const manager = await manage(t, hub)
  const origin = await linkOf(t, hub.plan('origin-a'), log)
  const edge = await linkOf(t, hub.plan('edge'), log)
  const numbers = sendNumbers(t, origin, edge, FRAMES)
  await numbers.arrivesAgain()
  await until('JetStream keeps frames', () => origin.state.keepsHistory)
  for (let times = 0; times < 5; times++) await edge.history(ALL, 10_000)
  await until('there is no consumer', async () => (await manager.streams.info('SS_LIVE')).state.consumer_count === 0)
})

t.test('a stream of the owner is used as it is', { skip }, async (t) => {
  const hub = await clusterOf(t, { servers: 1, change: allowAll })
  const manager = await manage(t, hub)
  await addLiveStream(manager, { max_msgs: 40 })
  const origin = await linkOf(t, hub.plan('origin-a'), log)
  const edge = await linkOf(t, hub.plan('edge'), log)
  const numbers = sendNumbers(t, origin, edge, FRAMES)
  await until('many were sent', () => numbers.arrived.length > 60)
  t.equal((await edge.history(ALL, 10_000)).length, 40)
  t.match(origin.state, { keepsHistory: true, problem: undefined })
  t.equal((await manager.streams.info('SS_LIVE')).config.max_msgs, 40)
})

t.test('a stream for other subjects is a problem in one line', { skip }, async (t) => {
  const hub = await clusterOf(t, { servers: 1, change: allowAll })
  await addLiveStream(await manage(t, hub), { subjects: ['other.>'] })
  const edge = await linkOf(t, hub.plan('edge'), log)
  await until('a problem', () => edge.state.problem !== undefined)
  t.match(edge.state, { keepsHistory: false, problem: /the JetStream stream SS_LIVE is there, but not for ss\.a\.>$/ })
})

t.test('a full stream is a problem in one line, until it keeps frames again', { skip }, async (t) => {
  const hub = await clusterOf(t, { servers: 1, change: allowAll })
  const manager = await manage(t, hub)
  await addLiveStream(manager, { max_msgs: 10, discard: 'new' })
  const origin = await linkOf(t, hub.plan('origin-a'), log)
  const edge = await linkOf(t, hub.plan('edge'), log)
  const numbers = sendNumbers(t, origin, edge, FRAMES)
  await until('a problem', () => origin.state.problem !== undefined)
  t.match(origin.state, { keepsHistory: false, problem: /JetStream is full: it keeps nothing new \(max_mem\)$/ })
  await numbers.arrivesAgain()
  await manager.streams.update('SS_LIVE', { discard: 'old' })
  await until('no problem', () => origin.state.problem === undefined)
  t.ok(origin.state.keepsHistory)
})

t.test(
  'frames flow when the leader of the stream is killed, and the kept ones are there again',
  { skip },
  async (t) => {
    const hub = await clusterOf(t)
    await hub.jetStreamReady()
    const origin = await linkOf(t, hub.plan('origin-a', { servers: hub.urls.slice(0, 1) }), log)
    const edge = await linkOf(t, hub.plan('edge', { servers: hub.urls.slice(0, 1) }), log)
    const numbers = sendNumbers(t, origin, edge, FRAMES)
    await until('JetStream keeps frames', () => origin.state.keepsHistory)
    await until('frames flow', () => numbers.arrived.length > 30)
    const before = numbers.arrived.length
    await hub.kill(1)
    await hub.kill(2)
    const began = performance.now()
    const kept = await edge.history(ALL, 10_000)
    t.ok(performance.now() - began < 1_500, 'the answer comes in time')
    t.comment(`${kept.length} messages without a majority`)
    await until('frames flow', () => numbers.arrived.length > before + 50)
    await Promise.all([hub.restart(1), hub.restart(2)])
    await until('kept frames', async () => (await edge.history(ALL, 10_000)).length > 0)
    t.equal(edge.state.reconnects, 0)
  },
)
