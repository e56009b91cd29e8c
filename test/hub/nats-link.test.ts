import type { LogRecord } from '@logtape/logtape'
import t, { type Test } from 'tap'
import { keepLog } from '../kept-log.ts'
import { until } from '../processes.ts'
import { needs } from '../programs.ts'
import { startBadNetwork } from './bad-network.ts'
import { type Cluster, clusterOf } from './cluster.ts'
import { linkOf, sendNumbers, untilConnected } from './nats-link-of.ts'

const SUBJECT = 'ss.a.radio.origin-a'
const log = keepLog()
const skip = needs('nats-server')

/** An origin at the first server of a hub, and an edge at the second one that may use the second and the third. */
async function originAndEdge(t: Test, hub: Cluster) {
  const [first = '', second = '', third = ''] = hub.urls
  const origin = await linkOf(t, hub.plan('origin-a', { servers: [first] }), log)
  const edge = await linkOf(t, hub.plan('edge', { servers: [second, third] }), log)
  await Promise.all([untilConnected(origin), untilConnected(edge)])
  return { edge, numbers: sendNumbers(t, origin, edge, SUBJECT) }
}

/** The same, without waiting for the hub. */
async function originAndEdgeLater(t: Test, hub: Cluster) {
  const origin = await linkOf(t, hub.plan('origin-a'), log)
  const edge = await linkOf(t, hub.plan('edge'), log)
  return { edge, numbers: sendNumbers(t, origin, edge, SUBJECT) }
}

const isMessage =
  (text: string) =>
  ({ message }: LogRecord) =>
    message.join('') === text

t.test('messages arrive at other servers', { skip }, async (t) => {
  const hub = await clusterOf(t)
  const [first = '', second = ''] = hub.urls
  const origin = await linkOf(t, hub.plan('origin-a', { servers: [first] }), log)
  const edge = await linkOf(t, hub.plan('edge', { servers: [second] }), log)
  await Promise.all([untilConnected(origin), untilConnected(edge)])
  const numbers = sendNumbers(t, origin, edge, SUBJECT)
  await numbers.arrivesAgain()
  t.match(edge.state, { isConnected: true, server: second, reconnects: 0, problem: undefined })
  await until('a round trip', () => edge.state.roundTripMs !== undefined)
  t.equal(edge.maxPayload, 2 ** 20)
  await until('several numbers', () => numbers.arrived.length > 8)
  const all = numbers.arrived.map(({ number }) => number)
  const [begin = 0] = all
  t.strictSame(
    all,
    all.map((_, index) => begin + index),
    'each once, in order',
  )
})

t.test('messages arrive again within 500 ms when the own server is killed', { skip }, async (t) => {
  const hub = await clusterOf(t)
  const { edge, numbers } = await originAndEdge(t, hub)
  const gaps: number[] = []
  let connections = 0
  edge.onConnected(() => connections++)
  for (let kills = 0; kills < 3; kills++) {
    await numbers.arrivesAgain()
    const dead = hub.numberOf(edge.state.server)
    await hub.kill(dead)
    gaps.push(await numbers.arrivesAgain())
    t.not(hub.numberOf(edge.state.server), dead)
    await hub.restart(dead)
  }
  t.comment(`arrived again after ${gaps.map((ms) => ms.toFixed(0)).join(', ')} ms`)
  const [, median = Number.POSITIVE_INFINITY] = gaps.toSorted((a, b) => a - b)
  t.ok(median < 500, `${gaps.join(', ')} ms`)
  t.equal(connections, 3, 'observers are called at each connection')
  t.equal(edge.state.reconnects, 3)
})

t.test('messages arrive again when all servers were away', { skip }, async (t) => {
  const hub = await clusterOf(t)
  const { edge, numbers } = await originAndEdge(t, hub)
  await numbers.arrivesAgain()
  const before = log.records.length
  await hub.kill()
  await untilConnected(edge, false)
  await until('a problem', () => edge.state.problem !== undefined)
  t.match(edge.state.problem, /^tls:\/\/127\.0\.0\.1:\d+: connection refused: no server listens there$/)
  // Longer than the pause before each server is tried again.
  await until('many attempts', () => log.records.slice(before).filter(isMessage('hub not reached')).length > 8)
  await hub.restart()
  await numbers.arrivesAgain()
  t.equal(edge.state.problem, undefined)
  const problems = log.records.slice(before).filter(isMessage('hub problem'))
  t.ok(problems.length <= 3, `once for each server: ${problems.length}`)
})

t.test('a program that starts before the hub connects once it is there', { skip }, async (t) => {
  const hub = await clusterOf(t)
  await hub.kill()
  const { edge, numbers } = await originAndEdgeLater(t, hub)
  t.match(edge.state, { isConnected: false, server: undefined, reconnects: 0 })
  t.strictSame(await edge.history('ss.a.radio.*', 10_000), [])
  await hub.restart()
  await numbers.arrivesAgain()
  t.match(edge.state, { isConnected: true, reconnects: 0 })
})

t.test('another server is used when the own one stops without a word', { skip }, async (t) => {
  const hub = await clusterOf(t)
  const { edge, numbers } = await originAndEdge(t, hub)
  await numbers.arrivesAgain()
  const stopped = hub.numberOf(edge.state.server)
  await hub.server(stopped).signal('SIGSTOP')
  const gap = await numbers.arrivesAgain()
  t.comment(`arrived again after ${gap.toFixed(0)} ms`)
  t.not(hub.numberOf(edge.state.server), stopped)
  const lost = log.records.findLast(isMessage('hub lost'))
  t.equal(lost?.properties['reason'], 'the server does not answer')
  await hub.server(stopped).signal('SIGCONT')
})

t.test('another server is used when the network to the own one is cut', { skip }, async (t) => {
  const hub = await clusterOf(t)
  const [first = ''] = hub.urls
  const network = await startBadNetwork(t, hub.ports[1] ?? 0)
  const servers = [`tls://127.0.0.1:${network.port}`]
  const origin = await linkOf(t, hub.plan('origin-a', { servers: [first] }), log)
  const edge = await linkOf(t, hub.plan('edge', { servers }), log)
  const numbers = sendNumbers(t, origin, edge, SUBJECT)
  await numbers.arrivesAgain()
  network.cut()
  await untilConnected(edge, false)
  await until('a problem', () => edge.state.problem !== undefined)
  t.equal(edge.state.problem, `${servers[0]}: the server does not answer`)
  network.mend()
  await numbers.arrivesAgain()
  t.equal(edge.state.server, servers[0])
})

t.test('a slow network is not taken for a lost one', { skip }, async (t) => {
  const hub = await clusterOf(t, { servers: 1 })
  const network = await startBadNetwork(t, hub.ports[0] ?? 0)
  const origin = await linkOf(t, hub.plan('origin-a'), log)
  const edge = await linkOf(t, hub.plan('edge', { servers: [`tls://127.0.0.1:${network.port}`] }), log)
  const numbers = sendNumbers(t, origin, edge, SUBJECT)
  await numbers.arrivesAgain()
  // A third of what is sent: the round trip grows to seconds.
  network.slowTo(20_000)
  await until('a late number', () => numbers.sent() - (numbers.arrived.at(-1)?.number ?? 0) > 250)
  t.equal(edge.state.reconnects, 0)
})

t.test('a server that is about to end is left before', { skip }, async (t) => {
  const hub = await clusterOf(t)
  const { edge, numbers } = await originAndEdge(t, hub)
  await numbers.arrivesAgain()
  const old = hub.numberOf(edge.state.server)
  await hub.server(old).signal('SIGUSR2')
  await until('the edge is elsewhere', () => edge.state.isConnected && hub.numberOf(edge.state.server) !== old)
  t.equal(log.records.findLast(isMessage('hub lost'))?.properties['reason'], 'the server is shutting down')
  await numbers.arrivesAgain()
})

t.test('a subscription ends when asked to, and a closed link stays closed', { skip }, async (t) => {
  const hub = await clusterOf(t, { servers: 1 })
  const origin = await linkOf(t, hub.plan('origin-a'), log)
  const edge = await linkOf(t, hub.plan('edge'), log)
  await Promise.all([untilConnected(origin), untilConnected(edge)])
  let ended = 0
  const end = edge.subscribe(SUBJECT, () => ended++)
  const numbers = sendNumbers(t, origin, edge, SUBJECT)
  await numbers.arrivesAgain()
  end()
  const before = ended
  await numbers.arrivesAgain()
  t.equal(ended, before)
  await edge.close()
  t.equal(edge.state.isConnected, false)
  const count = numbers.arrived.length
  await until('more were sent', () => numbers.sent() > count + 20)
  t.equal(numbers.arrived.length, count)
})

t.test('what was published before the end is sent', { skip }, async (t) => {
  const hub = await clusterOf(t, { servers: 1 })
  const origin = await linkOf(t, hub.plan('origin-a'), log)
  const edge = await linkOf(t, hub.plan('edge'), log)
  await Promise.all([untilConnected(origin), untilConnected(edge)])
  let arrived = 0
  edge.subscribe(SUBJECT, () => arrived++)
  await sendNumbers(t, origin, edge, SUBJECT).arrivesAgain()
  const before = arrived
  for (let count = 0; count < 100; count++) origin.publish(SUBJECT, Buffer.alloc(10_000))
  await origin.close()
  await until('all have arrived', () => arrived >= before + 100)
})
