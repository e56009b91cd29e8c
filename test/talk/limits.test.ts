import { once } from 'node:events'
import { connect } from 'node:net'
import t from 'tap'
import {
  BURST_S,
  BYTES_PER_S,
  HELLO_WITHIN_MS,
  MAX_MESSAGE_BYTES,
  MAX_PEERS,
  MAX_PEERS_IN_ROOM,
  MAX_ROOMS,
  MESSAGES_PER_S,
  TEXTS_PER_S,
} from '../../src/talk/limits.ts'
import { CLOSE } from '../../src/websocket/close-codes.ts'
import { createManualClock } from '../manual-clock.ts'
import { startTalk } from './house.ts'
import { arrive, arrivePair, connectVisitor, someSound, type Visitor } from './visitor.ts'

/** Messages that are not allowed, and the close code of each. */
const FAULTS: Readonly<Record<string, [(visitor: Visitor) => void, number]>> = {
  'text that is no JSON': [({ socket }) => socket.send('{'), CLOSE.invalidMessage],
  'JSON that is no message': [({ socket }) => socket.send('null'), CLOSE.invalidMessage],
  'a message of a type that is not known': [({ socket }) => socket.send('{"type":"toString"}'), CLOSE.invalidMessage],
  'a message with a field of another type': [
    ({ socket }) => socket.send('{"type":"muted","muted":"yes"}'),
    CLOSE.invalidMessage,
  ],
  'a second hello': [
    (visitor) => visitor.say({ type: 'hello', me: 'somebody-else', codecs: ['pcm'] }),
    CLOSE.invalidMessage,
  ],
  'a long text': [({ socket }) => socket.send(`"${'a'.repeat(2000)}"`), CLOSE.invalidMessage],
  'sound without anything behind its header': [({ socket }) => socket.send(someSound(0)), CLOSE.invalidMessage],
  'a message that is too long': [({ socket }) => socket.send(someSound(MAX_MESSAGE_BYTES)), 1009],
  'too many messages': [flood(MESSAGES_PER_S * BURST_S, ({ socket }) => socket.send(someSound(1))), CLOSE.rateLimit],
  'too many bytes': [
    flood((BYTES_PER_S * BURST_S) / MAX_MESSAGE_BYTES, ({ socket }) => socket.send(Buffer.alloc(MAX_MESSAGE_BYTES))),
    CLOSE.rateLimit,
  ],
  'too many texts': [flood(TEXTS_PER_S * BURST_S, (visitor) => visitor.say({ type: 'probe', id: 1 })), CLOSE.rateLimit],
  'too many pings': [flood(MESSAGES_PER_S * BURST_S, ({ socket }) => socket.ping()), CLOSE.rateLimit],
  'too many pongs': [flood(MESSAGES_PER_S * BURST_S, ({ socket }) => socket.pong()), CLOSE.rateLimit],
  'a message in too many fragments': [
    ({ socket }) => {
      for (let i = 0; i < 20; i++) socket.send('', { fin: false })
    },
    CLOSE.rateLimit,
  ],
}

/** One message more than the burst allows; the clock of the test stands still, so that the allowance is not refilled. */
function flood(times: number, send: (visitor: Visitor) => void): (visitor: Visitor) => void {
  return (visitor) => {
    for (let i = 0; i <= times; i++) send(visitor)
  }
}

t.setTimeout(120_000)
for (const [fault, [commit, code]] of Object.entries(FAULTS)) {
  t.test(`${fault}: closes only that connection, with ${code}`, async (t) => {
    const { port } = await startTalk(t, createManualClock())
    const guilty = await arrive(t, port)
    await guilty.told()
    const partner = await arrive(t, port)
    await partner.told()
    const [one, other] = await arrivePair(t, port, '/elsewhere')
    commit(guilty)
    t.equal(await guilty.closed, code)
    t.strictSame(await partner.told(), { type: 'left' })
    one.socket.send(someSound())
    t.strictSame(await other.heard(), someSound())
  })
}

t.test('accepts neither sound nor other messages before hello', async (t) => {
  const { port } = await startTalk(t)
  const hasty = await connectVisitor(t, port)
  hasty.socket.send(someSound())
  t.equal(await hasty.closed, CLOSE.invalidMessage)
  const another = await connectVisitor(t, port)
  another.say({ type: 'muted', muted: true })
  t.equal(await another.closed, CLOSE.invalidMessage)
})

t.test('refuses a hello without a name or PCM', async (t) => {
  const { port } = await startTalk(t)
  for (const hello of [
    { type: 'hello', me: 'short', codecs: ['pcm'] },
    { type: 'hello', me: 'long-enough', codecs: ['opus'] },
    { type: 'hello', me: 'long-enough', codecs: 'pcm' },
  ]) {
    const visitor = await connectVisitor(t, port)
    visitor.socket.send(JSON.stringify(hello))
    t.equal(await visitor.closed, CLOSE.invalidMessage)
  }
})

t.test('closes a connection without hello after 10 s', async (t) => {
  const clock = createManualClock()
  const { port } = await startTalk(t, clock)
  const silent = await connectVisitor(t, port)
  await clock.advance(HELLO_WITHIN_MS - 1)
  t.equal(silent.socket.readyState, silent.socket.OPEN)
  await clock.advance(1)
  t.equal(await silent.closed, CLOSE.noHello)
})

t.test('does not take the rate of sound for a flood', async (t) => {
  const clock = createManualClock()
  const { port } = await startTalk(t, clock)
  const [one, other] = await arrivePair(t, port)
  for (let second = 0; second < 3 * BURST_S; second++) {
    for (let i = 0; i < MESSAGES_PER_S; i++) one.socket.send(someSound(1))
    for (let i = 0; i < MESSAGES_PER_S; i++) await other.heard()
    // Behind the pong, without which sound counts as late and is dropped.
    other.socket.send(someSound(1))
    await one.heard()
    await clock.advance(1_000)
  }
  t.equal(one.socket.readyState, one.socket.OPEN)
})

t.test('limits the people in a room, the rooms, and all people', async (t) => {
  const { port, log } = await startTalk(t)
  for (let i = 0; i < MAX_PEERS_IN_ROOM; i++) await (await arrive(t, port, '/full')).told()
  t.equal(await (await arrive(t, port, '/full')).closed, CLOSE.full)
  for (let i = 1; i < MAX_ROOMS; i++) await (await arrive(t, port, `/${i}`)).told()
  t.equal(await (await arrive(t, port, '/one-more')).closed, CLOSE.full)
  t.match(await (await arrive(t, port, '/1')).told(), { type: 'connected' })

  t.equal(
    log.records.filter(({ message }) => message[0] === 'talker disconnected').length,
    0,
    'a refused client is not logged as leaving',
  )

  const taken = MAX_PEERS_IN_ROOM + MAX_ROOMS
  for (let i = taken; i < MAX_PEERS; i++) await connectVisitor(t, port)
  t.equal(await (await connectVisitor(t, port, '/2')).closed, CLOSE.full)
})

t.test('frees the place of an empty room for another one', async (t) => {
  const { port } = await startTalk(t)
  const first = await arrive(t, port, '/0')
  await first.told()
  for (let i = 1; i < MAX_ROOMS; i++) await (await arrive(t, port, `/${i}`)).told()
  first.socket.close()
  await first.closed
  t.match(await (await arrive(t, port, '/another')).told(), { type: 'waiting' })
})

t.test('drops late sound for a partner that reads nothing, without a growing queue', async (t) => {
  const clock = createManualClock()
  const { port, log } = await startTalk(t, clock)
  const [one, slow] = await arrivePair(t, port)
  // Data in transit fills the system's buffers first.
  slow.socket.pause()
  const seconds = 30
  for (let second = 0; second < seconds; second++) {
    for (let i = 0; i < MESSAGES_PER_S; i++) one.socket.send(someSound(1_500))
    one.say({ type: 'probe', id: second })
    await one.told()
    await clock.advance(1_000)
  }
  slow.socket.terminate()
  await one.told()
  const left = log.records.find(({ properties }) => Number(properties['dropped']) > 0)
  // The ping after the first message is not answered, so after 600 ms everything is late.
  t.match(left?.properties, { passed: MESSAGES_PER_S, dropped: (seconds - 1) * MESSAGES_PER_S })
})

t.test('accepts WebSockets from pages of this host, and from programs other than browsers', async (t) => {
  const { port } = await startTalk(t)
  const own = `127.0.0.1:${port}`
  const cases: [string | undefined, number][] = [
    [undefined, 101],
    [`http://${own}`, 101],
    [`https://${own}`, 101],
    ['http://evil.example', 403],
    [`http://127.0.0.1:${port + 1}`, 403],
    ['null', 403],
    ['', 403],
  ]
  for (const [origin, status] of cases) {
    const field = origin === undefined ? '' : `Origin: ${origin}\r\n`
    t.equal(await statusOf(port, `Host: ${own}\r\n${field}`), status, origin ?? 'no origin')
  }
})

t.test('refuses anything except a handshake', async (t) => {
  const { port } = await startTalk(t)
  const host = `Host: 127.0.0.1:${port}\r\n`
  t.equal(await statusOf(port, host, 'Sec-WebSocket-Key: short\r\nSec-WebSocket-Version: 13\r\n'), 400)
  t.equal(await statusOf(port, host, 'Sec-WebSocket-Version: 13\r\n'), 400)
  t.equal(
    await statusOf(port, host, 'Sec-WebSocket-Key: AAAAAAAAAAAAAAAAAAAAAA==\r\nSec-WebSocket-Version: 7\r\n'),
    400,
  )
})

const HANDSHAKE = 'Sec-WebSocket-Key: AAAAAAAAAAAAAAAAAAAAAA==\r\nSec-WebSocket-Version: 13\r\n'

/** Requests a WebSocket. @returns the status of the response */
async function statusOf(port: number, fields: string, handshake = HANDSHAKE): Promise<number> {
  const socket = connect(port, '127.0.0.1')
  socket.write(`GET / HTTP/1.1\r\n${fields}Connection: Upgrade\r\nUpgrade: websocket\r\n${handshake}\r\n`)
  const [answer] = (await once(socket, 'data')) as [Buffer]
  socket.destroy()
  return Number(answer.toString('latin1', 9, 12))
}
