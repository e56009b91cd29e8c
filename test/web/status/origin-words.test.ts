import t from 'tap'
import { originWords } from '../../../src/web/status/origin-words.ts'
import { streamOf } from '../../status/reports.ts'

const SINCE = '2026-05-31T11:03:00Z'
const NOW = Date.parse('2026-05-31T12:00:00Z')
const AT = new Intl.DateTimeFormat(undefined, { hour: '2-digit', minute: '2-digit' }).format(new Date(SINCE))

function wordsOf(changes: Parameters<typeof streamOf>[1], now = NOW): string {
  return originWords(streamOf('/dj', changes), now)
}

t.test('names the publisher, its address without the port, and its program', async (t) => {
  const publisher = { address: '192.0.2.7:50123', user: 'source', agent: 'butt 0.1.37', since: SINCE }
  t.equal(wordsOf({ publisher }), `Published by source from 192.0.2.7 (butt 0.1.37) since ${AT}`)
  t.equal(
    wordsOf({ publisher: { ...publisher, address: '2001:db8::1:50123', user: null, agent: null } }),
    `Published from 2001:db8::1 since ${AT}`,
  )
})

t.test('names a publisher without its address and user where they are not shown', async (t) => {
  const publisher = { address: null, user: null, agent: 'butt 0.1.37', since: SINCE }
  t.equal(wordsOf({ publisher }), `Published (butt 0.1.37) since ${AT}`)
  t.equal(wordsOf({ publisher: { ...publisher, agent: null } }), `Published since ${AT}`)
})

t.test('names the other server or the other stream', async (t) => {
  t.equal(
    wordsOf({ relay: { url: 'http://radio.example/live', since: SINCE } }),
    `Relayed from http://radio.example/live since ${AT}`,
  )
  t.equal(wordsOf({ relay: { url: null, since: SINCE } }), `Relayed from another server since ${AT}`)
  t.equal(wordsOf({ from: { path: '/cd', since: SINCE } }), `From the stream /cd since ${AT}`)
  t.equal(wordsOf({}), '')
})

t.test('names what is heard in place of the source', async (t) => {
  const publisher = { address: null, user: null, agent: null, since: SINCE }
  t.equal(
    wordsOf({ publisher, fallback: { playing: '/radio.mp3', since: SINCE } }),
    `Away: playing /radio.mp3 since ${AT}`,
  )
  t.equal(wordsOf({ fallback: { playing: null, since: SINCE } }), `Away: playing files since ${AT}`)
})

t.test('adds the day when it is not today', async (t) => {
  t.match(wordsOf({ from: { path: '/cd', since: SINCE } }, NOW + 3 * 86_400_000), /May.*31|31.*May/)
})
