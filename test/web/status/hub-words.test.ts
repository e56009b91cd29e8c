import t from 'tap'
import type { HubPublishedStatus, HubReadStatus, HubStatus } from '../../../src/status/hub-report.ts'
import { hearsWords, hubFacts, streamHubFacts } from '../../../src/web/status/hub-words.ts'

const HUB: HubStatus = {
  name: 'edge-1',
  isConnected: true,
  since: '2026-05-31T11:00:00Z',
  server: 'nats://hub-1:4222',
  reconnects: 2,
  roundTripMs: 0.4,
  problem: null,
  keepsHistory: true,
  edges: [],
}
const READ: HubReadStatus = {
  name: 'radio',
  heard: 'studio-a',
  origins: [
    { name: 'studio-a', quietMs: 40 },
    { name: 'studio-b', quietMs: 12_000 },
    { name: 'studio-c', quietMs: 100 },
  ],
  changes: 3,
  gapMs: 1_235,
  longestGapMs: 480,
  framesDuplicate: 1_500,
  framesRefilled: 30,
  framesLost: 12,
  delayMs: 12.3,
}

t.test('names the figures of the connection', async (t) => {
  t.strictSame(hubFacts(HUB), [
    ['This program', 'edge-1'],
    ['Server', 'nats://hub-1:4222'],
    ['Round trip', '0.4 ms'],
    ['Reconnects', '2'],
    ['Last seconds', 'kept by the hub'],
  ])
  t.strictSame(hubFacts({ ...HUB, server: null, roundTripMs: null, reconnects: 0, keepsHistory: false }), [
    ['This program', 'edge-1'],
    ['Round trip', '–'],
    ['Reconnects', 'none'],
    ['Last seconds', 'not kept by the hub'],
  ])
})

t.test('names what a stream reads, and which origins are silent', async (t) => {
  t.strictSame(streamHubFacts(null, READ), [
    ['Origins', 'studio-a; also studio-b (silent for 12 s), studio-c'],
    ['Changes of origin', '3'],
    ['Delay from origin', '12 ms'],
    ['Gaps', '1.2 s, longest 480 ms'],
    ['Frames lost', '12; 30 came later'],
    ['Frames twice', '1,500, dropped'],
  ])
  const nothing = { changes: 0, gapMs: 0, framesDuplicate: 0, framesRefilled: 0, framesLost: 0, delayMs: null }
  t.strictSame(streamHubFacts(null, { ...READ, ...nothing, heard: null, origins: [] }), [
    ['Origins', 'none is heard'],
    ['Changes of origin', 'none'],
    ['Delay from origin', '–'],
    ['Gaps', 'none'],
    ['Frames lost', 'none'],
    ['Frames twice', 'none'],
  ])
})

t.test('names what a stream sends', async (t) => {
  const sent: HubPublishedStatus = {
    name: 'radio',
    messages: 300,
    frames: 1_200,
    bytes: 500_000,
    framesResent: 40,
    framesRefused: 2,
  }
  t.strictSame(streamHubFacts(sent, null), [['Sent to the hub', '1,200 frames, 500 kB; 40 sent again; 2 too large']])
  t.strictSame(streamHubFacts({ ...sent, framesResent: 0, framesRefused: 0 }, null), [
    ['Sent to the hub', '1,200 frames, 500 kB'],
  ])
})

t.test('counts the streams of each origin that an edge hears', async (t) => {
  t.equal(hearsWords({}), 'nothing')
  t.equal(hearsWords({ radio: 'studio-a', talk: 'studio-a' }), 'studio-a')
  t.equal(hearsWords({ radio: 'a', talk: 'a', news: 'b' }), 'a (2 streams), b (1 stream)')
})
