import { once } from 'node:events'
import t from 'tap'
import { DEAD_AFTER_MS, PING_EVERY_MS } from '../../src/websocket/heartbeat.ts'
import { createManualClock } from '../manual-clock.ts'
import { startTalk } from './house.ts'
import { arrive, connectVisitor } from './visitor.ts'

t.test('pings all people every 20 s', async (t) => {
  const clock = createManualClock()
  const { port } = await startTalk(t, clock)
  const one = await arrive(t, port)
  await one.told()
  for (let i = 0; i < 10; i++) {
    const pinged = once(one.socket, 'ping')
    await clock.advance(PING_EVERY_MS)
    await pinged
    // The reply to a message after the pong proves that the server has received the pong.
    one.say({ type: 'probe', id: i })
    await one.told()
  }
  t.equal(one.socket.readyState, one.socket.OPEN)
})

t.test('disconnects a client that answers no ping within 60 s, and notifies its partner', async (t) => {
  const clock = createManualClock()
  const { port } = await startTalk(t, clock)
  const vanished = await connectVisitor(t, port, '/', { autoPong: false })
  vanished.say({ type: 'hello', me: 'the-vanished', codecs: ['pcm'] })
  await vanished.told()
  const partner = await arrive(t, port)
  await partner.told()
  for (let ms = PING_EVERY_MS; ms < DEAD_AFTER_MS + PING_EVERY_MS; ms += PING_EVERY_MS) {
    await clock.advance(PING_EVERY_MS)
    // The reply to a message after the partner's pong proves that the server has received the pong.
    partner.say({ type: 'probe', id: ms })
    t.strictSame(await partner.told(), { type: 'probe', id: ms })
  }
  t.equal(vanished.socket.readyState, vanished.socket.OPEN)
  await clock.advance(PING_EVERY_MS)
  t.strictSame(await partner.told(), { type: 'left' })
  t.equal(await vanished.closed, 1006)
  t.equal(partner.socket.readyState, partner.socket.OPEN)
})

t.test('disconnects a client that sends messages but answers no ping', async (t) => {
  const clock = createManualClock()
  const { port } = await startTalk(t, clock)
  const deaf = await connectVisitor(t, port, '/', { autoPong: false })
  deaf.say({ type: 'hello', me: 'the-deaf-one', codecs: ['pcm'] })
  await deaf.told()
  for (let ms = 0; ms < DEAD_AFTER_MS + PING_EVERY_MS; ms += PING_EVERY_MS) {
    deaf.say({ type: 'muted', muted: true })
    deaf.socket.pong('1 of another time')
    await clock.advance(PING_EVERY_MS)
  }
  t.equal(await deaf.closed, 1006)
})
