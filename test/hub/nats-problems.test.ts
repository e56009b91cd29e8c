import { once } from 'node:events'
import { writeFileSync } from 'node:fs'
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { join } from 'node:path'
import t, { type Test } from 'tap'
import type { HubLink } from '../../src/hub/hub-link.ts'
import type { HubPlan } from '../../src/plan/program-plan.ts'
import { keepLog } from '../kept-log.ts'
import { until } from '../processes.ts'
import { needs } from '../programs.ts'
import { clusterOf } from './cluster.ts'
import { linkOf, sendNumbers, untilConnected } from './nats-link-of.ts'

const log = keepLog()
const skip = needs('nats-server')
const FRAMES = 'ss.a.radio.origin-a'

/** Waits for the problem of a link, and checks that it is logged once. */
async function expectProblem(t: Test, link: HubLink, expected: RegExp): Promise<void> {
  await until(`a problem like ${expected}`, () => expected.test(link.state.problem ?? ''))
  const { problem = '' } = link.state
  t.match(problem, expected)
  t.notMatch(problem, /\n/)
  const lines = log.records.filter(({ properties }) => expected.test(String(properties['reason'])))
  t.equal(lines.filter(({ message }) => message.join('') === 'hub problem').length, 1, 'logged once')
}

const tries = () => log.records.filter(({ message }) => message.join('') === 'hub not reached').length

/** Waits until a server was tried several times. */
async function severalTries(): Promise<void> {
  const before = tries()
  await until('several tries', () => tries() >= before + 4)
}

/** Connects with a plan that cannot work, and expects one line about it. */
async function refuses(t: Test, plan: HubPlan, expected: RegExp): Promise<HubLink> {
  const link = await linkOf(t, plan, log)
  await severalTries()
  t.equal(link.state.isConnected, false)
  await expectProblem(t, link, expected)
  return link
}

t.test('a wrong password is refused, until the file has the right one', { skip }, async (t) => {
  const hub = await clusterOf(t, { servers: 1 })
  const file = join(t.testdir(), 'password')
  writeFileSync(file, 'edge:wrong\n')
  const link = await refuses(
    t,
    hub.plan('edge', { credentialsFile: file }),
    /:\d+: the server refuses the credentials of \S+password$/,
  )
  writeFileSync(file, 'edge:edge-secret\n')
  await untilConnected(link)
  t.equal(link.state.problem, undefined)
})

t.test('missing credentials', { skip }, async (t) => {
  const hub = await clusterOf(t, { servers: 1 })
  await refuses(
    t,
    hub.plan('edge', { credentialsFile: undefined }),
    /: the server needs credentials: hub-credentials needs a file /,
  )
})

t.test('an unknown authority', { skip }, async (t) => {
  const hub = await clusterOf(t, { servers: 1 })
  await refuses(
    t,
    hub.plan('edge', { caFile: undefined }),
    /its certificate is signed by an unknown authority: hub-ca needs the file/,
  )
  const other = await clusterOf(t, { servers: 1 })
  await refuses(
    t,
    hub.plan('edge', { caFile: other.caFile }),
    /its certificate is not signed by the authority of hub-ca$/,
  )
})

t.test('an expired certificate', { skip }, async (t) => {
  const hub = await clusterOf(t, { servers: 1, certificatesEndInMs: -60_000 })
  await refuses(t, hub.plan('edge'), /:\d+: its certificate has expired$/)
})

t.test('a certificate for another name', { skip }, async (t) => {
  const hub = await clusterOf(t, { servers: 1, certificateName: 'hub1.example' })
  await refuses(t, hub.plan('edge'), /its certificate is for another name than 127\.0\.0\.1: .*192\.0\.2\.1/)
})

t.test('a server without TLS, and one that is not NATS', { skip }, async (t) => {
  const hub = await clusterOf(t, { servers: 2, change: (example) => example.replace(/^tls \{[^}]*\}/m, '') })
  const servers = hub.urls.slice(0, 1)
  await refuses(
    t,
    hub.plan('edge', { servers }),
    /:\d+: the server has no TLS: hub needs nats:\/\/ in place of tls:\/\/$/,
  )
  const plain = hub.urls.map((url) => url.replace('tls:', 'nats:'))
  await untilConnected(await linkOf(t, hub.plan('edge', { servers: plain, caFile: undefined }), log))
  const web = createServer().listen(0, '127.0.0.1')
  t.teardown(() => web.close())
  await once(web, 'listening')
  const { port } = web.address() as AddressInfo
  await refuses(
    t,
    hub.plan('edge', { servers: [`nats://127.0.0.1:${port}`], caFile: undefined }),
    new RegExp(`:${port}: the server does not answer$`),
  )
})

t.test('a name that does not exist', async (t) => {
  const plan = { servers: ['nats://hub.invalid:4222'], caFile: undefined, credentialsFile: undefined, origin: 'edge' }
  await refuses(t, plan, /^nats:\/\/hub\.invalid:4222: name not found/)
})

t.test('denied subjects are named once, and permitted frames flow', { skip }, async (t) => {
  const hub = await clusterOf(t, { servers: 1 })
  const origin = await linkOf(t, hub.plan('origin-a'), log)
  const edge = await linkOf(t, hub.plan('edge'), log)
  await Promise.all([untilConnected(origin), untilConnected(edge)])
  const numbers = sendNumbers(t, origin, edge, FRAMES)
  let stolen = 0
  edge.subscribe('ss.a.radio.origin-b', () => stolen++)
  for (let count = 0; count < 20; count++) {
    origin.publish('ss.a.radio.origin-b', Buffer.from('stolen'))
    origin.publish('ss.a.other.origin-b', Buffer.from('stolen'))
  }
  await expectProblem(
    t,
    origin,
    /^the hub denies to publish to ss\.a\.\*\.origin-b: its user needs that in permissions, publish$/,
  )
  edge.publish(FRAMES, Buffer.alloc(4))
  await expectProblem(t, edge, /^the hub denies to publish to ss\.a\.\*\.origin-a: /)
  origin.subscribe('ss.a.>', () => stolen++)
  await expectProblem(
    t,
    origin,
    /the hub denies to subscribe to ss\.a\.>: its user needs that in permissions, subscribe$/,
  )
  await numbers.arrivesAgain()
  t.equal(stolen, 0)
  t.ok(origin.state.isConnected)
})

t.test('a message larger than permitted is not sent, and others are', { skip }, async (t) => {
  const hub = await clusterOf(t, {
    servers: 1,
    change: (example) => example.replace('max_payload: 1MB', 'max_payload: 1KB'),
  })
  const origin = await linkOf(t, hub.plan('origin-a'), log)
  const edge = await linkOf(t, hub.plan('edge'), log)
  await Promise.all([untilConnected(origin), untilConnected(edge)])
  t.equal(origin.maxPayload, 1024)
  const numbers = sendNumbers(t, origin, edge, FRAMES)
  for (let count = 0; count < 3; count++) origin.publish(FRAMES, Buffer.alloc(1025))
  await expectProblem(t, origin, /^the hub accepts 1024 bytes a message \(max_payload\): larger ones are not sent$/)
  await numbers.arrivesAgain()
  t.equal(origin.state.reconnects, 0)
})

const WITHOUT_JETSTREAM: readonly [string, (example: string) => string, RegExp][] = [
  [
    'JetStream is not enabled',
    (example) =>
      example
        .replace(/^ {4}jetstream \{[^}]*\}/m, '')
        .replace(/^jetstream \{[^}]*\}/m, 'jetstream { enabled: false, store_dir: $STORE }'),
    /^the hub keeps no frames for edges that start: JetStream is not enabled there/,
  ],
  [
    'JetStream is not enabled for the account',
    (example) => example.replace(/^ {4}jetstream \{[^}]*\}/m, ''),
    /^the hub keeps no frames for edges that start: JetStream is not enabled there/,
  ],
  [
    'JetStream has too little memory',
    (example) => example.replace(/^( +)max_mem: 1GB\n( +max_file: 0)/m, '$1max_mem: 1MB\n$2'),
    /^the hub keeps no frames for edges that start: JetStream has too little memory: .*max_mem; each copy needs 32 MiB/,
  ],
  [
    'JetStream is denied',
    (example) => example.replaceAll(/, "\$JS\.[^\]]*/g, ''),
    /^the hub denies to publish to \$JS\.API\.STREAM\.INFO\.SS_LIVE: its user needs that in permissions, publish$/,
  ],
]

for (const [what, change, expected] of WITHOUT_JETSTREAM) {
  t.test(`frames flow when ${what}`, { skip }, async (t) => {
    const before = log.records.length
    const hub = await clusterOf(t, { servers: 1, change })
    const origin = await linkOf(t, hub.plan('origin-a'), log)
    const edge = await linkOf(t, hub.plan('edge'), log)
    const numbers = sendNumbers(t, origin, edge, FRAMES)
    await numbers.arrivesAgain()
    await until('a problem', () => origin.state.problem !== undefined)
    t.match(origin.state, { problem: expected, keepsHistory: false })
    t.strictSame(await edge.history('ss.a.radio.*', 10_000), [])
    await numbers.arrivesAgain()
    const lines = log.records.slice(before).filter(({ message }) => message.join('') === 'hub problem')
    t.ok(lines.length <= 2, `at most once for each link: ${JSON.stringify(lines.map(({ properties }) => properties))}`)
  })
}
