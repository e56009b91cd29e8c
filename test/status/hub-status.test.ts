import t from 'tap'
import type { StreamPlan } from '../../src/plan/stream-plan.ts'
import { hubStatus, streamHubStatus } from '../../src/status/hub-status.ts'
import { programTroubles } from '../../src/status/program-troubles.ts'
import { streamTroubles } from '../../src/status/stream-troubles.ts'
import { Troubles } from '../../src/status/troubles.ts'
import { fakeHub } from '../hub/fake-hub.ts'
import { FACTS, sourceOf, streamOf, WALL } from './reports.ts'

const moment = (at: number) => `at ${at}`

function found(hub: (typeof FACTS)['hub']) {
  return programTroubles({ ...FACTS, hub }, { clock: 10_000, wall: WALL })
}

function streamAt(path: string, hub?: string) {
  const sources = hub === undefined ? [{ kind: 'demo' }] : [{ kind: 'hub', name: hub, relay: undefined }]
  return { path, plan: { sources } as unknown as StreamPlan }
}

t.test('has the connection to the hub and its edges', async (t) => {
  t.strictSame(hubStatus(fakeHub(), moment, true), {
    name: 'edge-1',
    isConnected: true,
    since: 'at 1000',
    server: 'nats://user:***@hub-1:4222',
    reconnects: 2,
    roundTripMs: 0.4,
    problem: null,
    keepsHistory: true,
    edges: [{ name: 'edge-1', listeners: 7, hears: { radio: 'studio-a' } }],
  })
  t.equal(hubStatus(undefined, moment, true), null)
})

t.test('has no addresses where commands are not shown', async (t) => {
  const hub = fakeHub({ isConnected: false, problem: 'ECONNREFUSED 192.0.2.7:4222' })
  t.match(hubStatus(hub, moment, false), { isConnected: false, server: null, problem: null })
})

t.test('has what a stream sends to the hub, or reads from it', async (t) => {
  t.strictSame(streamHubStatus(fakeHub(), streamAt('/out')), {
    published: { name: 'radio', messages: 300, frames: 1_200, bytes: 500_000, framesResent: 40, framesRefused: 2 },
    read: null,
  })
  t.strictSame(streamHubStatus(fakeHub(), streamAt('/radio', 'radio')), {
    published: null,
    read: {
      name: 'radio',
      heard: 'studio-a',
      origins: [
        { name: 'studio-a', quietMs: 40 },
        { name: 'studio-b', quietMs: 12_000 },
      ],
      changes: 3,
      gapMs: 1_235,
      longestGapMs: 480,
      framesDuplicate: 500,
      framesRefilled: 30,
      framesLost: 12,
      delayMs: 12.3,
    },
  })
  t.equal(streamHubStatus(fakeHub(), streamAt('/demo')), null)
  t.equal(streamHubStatus(undefined, streamAt('/radio', 'radio')), null)
})

t.test('reports a hub that is away or refuses something', async (t) => {
  const away = { isConnected: false, since: 1_000, problem: 'connect ECONNREFUSED 127.0.0.1:4222' }
  t.match(found(away), [
    { kind: 'hub', severity: 'error', text: 'The hub is away: connect ECONNREFUSED 127.0.0.1:4222.' },
  ])
  t.match(found({ ...away, problem: '' }), [{ text: 'The hub is away.' }], 'addresses are not shown to all clients')
  t.strictSame(found({ ...away, since: 8_000 }), [], 'it is connected again soon, as a rule')
  const denied = { isConnected: true, since: 1_000, problem: 'publish to ss.a.radio.studio is denied' }
  t.match(found(denied), [{ text: 'The hub has a problem: publish to ss.a.radio.studio is denied.' }])
  t.strictSame(found({ ...denied, problem: undefined }), [])
})

t.test('reports a stream without an origin, once it is awaited and the hub is there', async (t) => {
  const read = streamHubStatus(fakeHub({}, { heard: undefined }), streamAt('/radio', 'radio'))
  const stream = streamOf('/radio', { hub: read, source: sourceOf({ kind: 'hub', state: 'waiting' }) })
  t.match(streamTroubles(stream, WALL), [
    { kind: 'origin', severity: 'error', stream: '/radio', text: 'No origin of radio is heard on the hub.' },
  ])
  t.match(streamTroubles({ ...stream, relay: { url: null, since: '2026-05-31T11:59:59Z' } }, WALL), [
    { severity: 'warning', text: 'No origin of radio is heard on the hub, and listeners hear a relay.' },
  ])
  t.strictSame(streamTroubles({ ...stream, source: sourceOf({ state: 'closed' }) }, WALL), [])
  t.strictSame(streamTroubles({ ...stream, source: sourceOf({ since: '2026-05-31T11:59:58Z' }) }, WALL), [])
  const heard = streamHubStatus(fakeHub(), streamAt('/radio', 'radio'))
  t.strictSame(streamTroubles({ ...stream, hub: heard }, WALL), [])
  const hub = { isConnected: false, since: 1_000, problem: undefined }
  const all = new Troubles().look([stream], { ...FACTS, hub }, { clock: 10_000, wall: WALL }, moment)
  t.match(all, { length: 1, 0: { kind: 'hub' } }, 'the hub is the reason')
})
