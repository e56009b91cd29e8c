import t from 'tap'
import { type Situation, wordsFor } from '../../../src/web/player/words.ts'

function words(play: Situation['play'], stream: Situation['stream']): string {
  return wordsFor({ play, stream, isLost: false, isCatchingUp: false, isPlayable: true }).text
}

t.test('reports a missing source as off air, in each state without sound', async (t) => {
  for (const play of ['stopped', 'connecting', 'buffering', 'lost'] as const) {
    t.equal(words(play, 'off-air'), 'Off air, waiting for the source.', play)
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
