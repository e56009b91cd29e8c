import t from 'tap'
import { type Refusal, refusalOf } from '../../../src/web/player/refusal.ts'
import { type Situation, wordsFor } from '../../../src/web/player/words.ts'

function words(play: Situation['play'], stream: Situation['stream']): string {
  return wordsFor({ play, stream, isLost: false, isCatchingUp: false, isPlayable: true }).text
}

t.test('reports a missing source as off air, in each state without sound', async (t) => {
  t.equal(words('stopped', 'off-air'), 'Off air. Press play to hear it when it is back.')
  for (const play of ['connecting', 'buffering', 'lost'] as const) {
    t.equal(words(play, 'off-air'), 'Off air. It plays by itself when it is back.', play)
  }
})

t.test('reports an open source without sound as silent', async (t) => {
  t.equal(words('stopped', 'silent'), 'The stream is silent now.')
  for (const play of ['connecting', 'buffering', 'lost'] as const) {
    t.equal(words(play, 'silent'), 'The stream is silent now. It continues by itself.', play)
  }
})

t.test('reports the connection while the stream is live', async (t) => {
  t.equal(words('connecting', 'live'), 'Connecting …')
  t.equal(words('playing', 'live'), 'Live')
  t.equal(words('buffering', 'live'), 'Waiting for more sound …')
  t.equal(words('stopped', 'idle'), 'Press play to listen.')
})

t.test('reports why the server refuses, unless there is nothing to hear anyway', async (t) => {
  const situation = { stream: 'live', isLost: true, isCatchingUp: false, isPlayable: true } as const
  const refused = (play: 'stopped' | 'lost', refusal: Refusal) => wordsFor({ ...situation, play, refusal }).text
  t.equal(refused('stopped', 'link'), 'This link has ended. You need a new one.')
  t.match(refused('stopped', 'password'), 'This stream needs a password.')
  t.equal(refused('stopped', 'forbidden'), 'You may not listen to this stream.')
  t.match(refused('lost', 'full'), 'The stream has no place for more listeners now. ')
  t.match(refused('lost', 'too-many'), 'Too many listeners have your address or your name. ')
  t.equal(wordsFor({ ...situation, stream: 'ended', play: 'lost', refusal: 'full' }).text, 'The stream has ended.')
})

t.test('knows a refusal by the status of the response, and a link that has ended by its time', async (t) => {
  const now = Date.UTC(2026, 4, 31)
  const [past, future] = [String(now / 1000 - 1), String(now / 1000 + 1)]
  t.equal(refusalOf(200, past, now), undefined)
  t.equal(refusalOf(404, null, now), undefined)
  t.equal(refusalOf(401, null, now), 'password')
  t.equal(refusalOf(403, past, now), 'link')
  t.equal(refusalOf(403, future, now), 'forbidden')
  t.equal(refusalOf(403, null, now), 'forbidden')
  t.equal(refusalOf(429, null, now), 'too-many')
  t.equal(refusalOf(503, null, now), 'full')
})
