import t from 'tap'
import type { SourcePeer } from '../../src/source/source.ts'
import { fallbackStatus, peerStatus } from '../../src/status/peer-status.ts'

const PUBLISHER: SourcePeer = { kind: 'publisher', name: '192.0.2.7:50123', user: 'dj', agent: 'butt\u202e 0.1.37' }
const moment = (at: number) => `moment ${at}`

function statusOf(peer: SourcePeer | undefined, showsAddresses = true) {
  const sourceState = {
    kind: 'open',
    since: 7,
    retryAt: undefined,
    quietMs: 0,
    openings: 1,
    peer,
    lastEnd: undefined,
  } as const
  return peerStatus({ sourceState }, moment, showsAddresses)
}

t.test('shows a publisher, a relayed server or another stream', async (t) => {
  t.strictSame(statusOf(PUBLISHER), {
    publisher: { address: '192.0.2.7:50123', user: 'dj', agent: 'butt\\u202e 0.1.37', since: 'moment 7' },
    relay: null,
    from: null,
  })
  t.match(statusOf({ kind: 'relay', name: 'http://radio.example/live' }), {
    publisher: null,
    relay: { url: 'http://radio.example/live', since: 'moment 7' },
  })
  t.match(statusOf({ kind: 'stream', name: '/cd' }), { from: { path: '/cd', since: 'moment 7' } })
  t.strictSame(statusOf(undefined), { publisher: null, relay: null, from: null })
})

t.test('omits addresses, users and URLs where the status is public', async (t) => {
  t.match(statusOf(PUBLISHER, false).publisher, { address: null, user: null, agent: 'butt\\u202e 0.1.37' })
  t.strictSame(statusOf({ kind: 'relay', name: 'http://radio.example/live' }, false).relay, {
    url: null,
    since: 'moment 7',
  })
  t.match(statusOf({ kind: 'stream', name: '/cd' }, false).from, { path: '/cd' })
})

t.test('shows what is heard in place of the source, and the path of files only where commands are shown', async (t) => {
  const other = { kind: 'stream', name: '/radio.mp3', since: 5 } as const
  const files = { kind: 'files', name: '/srv/music', since: 5 } as const
  t.strictSame(fallbackStatus({ fallback: other }, moment, false), { playing: '/radio.mp3', since: 'moment 5' })
  t.strictSame(fallbackStatus({ fallback: files }, moment, true), { playing: '/srv/music', since: 'moment 5' })
  t.strictSame(fallbackStatus({ fallback: files }, moment, false), { playing: null, since: 'moment 5' })
  t.equal(fallbackStatus({ fallback: undefined }, moment, true), null)
})

t.test('never shows a password', async (t) => {
  const { relay } = statusOf({ kind: 'relay', name: 'http://me:secret1@radio.example/live?token=secret2' })
  t.notMatch(relay?.url, 'secret')
})
