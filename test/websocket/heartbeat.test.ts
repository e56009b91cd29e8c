import t from 'tap'
import type { WebSocket } from 'ws'
import { DEAD_AFTER_MS, type Heartbeat, PING_EVERY_MS, startHeartbeat } from '../../src/websocket/heartbeat.ts'
import { createManualClock } from '../manual-clock.ts'

/** A heartbeat, the pings that it sent, and how often it gave the client up. */
function start() {
  const clock = createManualClock()
  const pings: string[] = []
  const scene = { clock, pings, deaths: 0 }
  const socket = { ping: (payload: string) => void pings.push(payload) } as unknown as WebSocket
  const heartbeat: Heartbeat = startHeartbeat(socket, clock, () => scene.deaths++)
  return { heartbeat, scene, clock, pings }
}

t.test('disconnects a client that answers no ping', async (t) => {
  const { scene, clock, pings } = start()
  await clock.advance(PING_EVERY_MS)
  t.strictSame(pings, ['1'])
  await clock.advance(DEAD_AFTER_MS - 1)
  t.equal(scene.deaths, 0)
  await clock.advance(PING_EVERY_MS)
  t.equal(scene.deaths, 1)
  await clock.advance(10 * DEAD_AFTER_MS)
  t.equal(scene.deaths, 1)
})

t.test('keeps a client that answers', async (t) => {
  const { heartbeat, scene, clock, pings } = start()
  for (let i = 0; i < 10; i++) {
    await clock.advance(PING_EVERY_MS)
    heartbeat.pong(Buffer.from(pings.at(-1) ?? ''))
  }
  t.strictSame([pings.length, scene.deaths], [10, 0])
})

t.test('keeps a client while its connection is not read, and until a pong can arrive after that', async (t) => {
  const { heartbeat, scene, clock } = start()
  await clock.advance(PING_EVERY_MS)
  heartbeat.pause()
  await clock.advance(20 * DEAD_AFTER_MS)
  t.equal(scene.deaths, 0)
  heartbeat.resume()
  await clock.advance(DEAD_AFTER_MS - 1)
  t.equal(scene.deaths, 0)
  await clock.advance(PING_EVERY_MS + 1)
  t.equal(scene.deaths, 1, 'but it is given up then')
})

t.test('a pong that arrives late, after a pause, keeps the client', async (t) => {
  const { heartbeat, scene, clock, pings } = start()
  await clock.advance(PING_EVERY_MS)
  heartbeat.pause()
  await clock.advance(3 * DEAD_AFTER_MS)
  heartbeat.resume()
  heartbeat.pong(Buffer.from(pings.at(-1) ?? ''))
  await clock.advance(PING_EVERY_MS)
  heartbeat.pong(Buffer.from(pings.at(-1) ?? ''))
  await clock.advance(PING_EVERY_MS)
  t.strictSame([pings.length, scene.deaths], [3, 0])
})
