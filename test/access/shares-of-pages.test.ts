import t, { type Test } from 'tap'
import { WebSocket } from 'ws'
import { type Client, connectTo } from '../client.ts'
import { until } from '../processes.ts'
import { type Server, startServer } from '../streamserve.ts'
import { get, handshake, reachFrom, statusOf } from './addresses.ts'

/* Rooms, event streams and waiting places that are used by strangers at one address remain available to another address. */

t.setTimeout(180_000)

const STRANGER = '127.0.0.2'
const NEWCOMER = '127.0.0.3'
const TOKEN = 'open-sesame'
const CODECS = ['pcm']
/** Close code of connections beyond a limit. */
const FULL = 1013

const start = (t: Test) => startServer(t, ['-demo', '-talk', '-live-token', TOKEN])

/** Opens a WebSocket from an address, and sends a hello with these fields, if given. It is closed with the test. */
function open(t: Test, { port }: Server, address: string, path: string, hello?: object) {
  const socket = new WebSocket(`ws://127.0.0.1:${port}${path}`, { localAddress: address, perMessageDeflate: false })
  const said: string[] = []
  let code: number | undefined
  socket.on('error', () => {})
  socket.on('message', (data: Buffer) => said.push(String(data)))
  socket.on('close', (closedWith) => {
    code = closedWith
  })
  if (hello !== undefined) socket.on('open', () => socket.send(JSON.stringify({ type: 'hello', ...hello })))
  t.teardown(() => socket.terminate())
  const isOpen = () => socket.readyState === socket.OPEN
  return { socket, said, isOpen, code: () => code }
}

let people = 0
const talker = () => ({ me: `somebody-${++people}`, codecs: CODECS })
const speaker = () => ({ me: `somebody-${++people}`, token: TOKEN, rate: 48_000 })

type Visit = ReturnType<typeof open>

/** Resolves when all connections were accepted or refused. */
function settled(visits: readonly Visit[]): Promise<void> {
  return until('all are in or out', () => visits.every((visit) => visit.isOpen() || visit.code() !== undefined))
}

t.test('WebSockets without a token leave room at /live to another address', async (t) => {
  const server = await start(t)
  const strangers = Array.from({ length: 100 }, () => open(t, server, STRANGER, '/live/x'))
  await settled(strangers)
  const newcomers = Array.from({ length: 4 }, (_, i) => open(t, server, NEWCOMER, `/live/y${i}`, speaker()))
  await until('all are on the air', () => newcomers.every(({ said }) => said.length > 0))
  t.ok(strangers.some(({ code }) => code() === FULL))
  t.ok(strangers.some(({ isOpen }) => isOpen()))
})

t.test('keeps a publisher on air when strangers connect', async (t) => {
  const server = await start(t)
  const onAir = open(t, server, NEWCOMER, '/live/y', speaker())
  await until('on the air', () => onAir.said.length > 0)
  const strangers = ['127.0.0.2', '127.0.0.4', '127.0.0.5'].flatMap((address) =>
    Array.from({ length: 100 }, () => open(t, server, address, '/live/x')),
  )
  await settled(strangers)
  t.ok(onAir.isOpen())
})

t.test('people without a greeting leave places at /talk to another address', async (t) => {
  const server = await start(t)
  const strangers = Array.from({ length: 220 }, () => open(t, server, STRANGER, '/talk/x'))
  await settled(strangers)
  const newcomer = open(t, server, NEWCOMER, '/talk/y', talker())
  await until('the newcomer waits', () => newcomer.said.length > 0)
  t.match(newcomer.said[0], /waiting/)
})

t.test('rooms of one address leave room to another one', async (t) => {
  const server = await start(t)
  const strangers: Visit[] = []
  for (let i = 0; i < 110; i++) strangers.push(open(t, server, STRANGER, `/talk/x${i}`, talker()))
  await until('all rooms are taken', () => strangers.filter(({ said }) => said.length > 0).length >= 100)
  const newcomers = Array.from({ length: 3 }, (_, i) => open(t, server, NEWCOMER, `/talk/y${i}`, talker()))
  await until('the newcomers wait', () => newcomers.every(({ said }) => said.length > 0))
  t.ok(newcomers.every(({ isOpen }) => isOpen()))
})

t.test('people of one address waiting in a room leave places in it to another one', async (t) => {
  const server = await start(t)
  const strangers = Array.from({ length: 12 }, () => open(t, server, STRANGER, '/talk/x', talker()))
  await until('two are turned away', () => strangers.filter(({ code }) => code() === FULL).length === 2)
  const newcomer = open(t, server, NEWCOMER, '/talk/x', talker())
  await until('the newcomer waits', () => newcomer.said.length > 0)
  t.match(newcomer.said[0], /"waiting","ahead":9/)
  await until('one who waited is gone', () => strangers.filter(({ code }) => code() === FULL).length === 3)
})

t.test('event streams of the status of one address leave room to another one', async (t) => {
  const server = await start(t)
  const ask = (address: string) => connectTo(t, server.port, get('/status/events'), reachFrom(address))
  const strangers = Array.from({ length: 40 }, () => ask(STRANGER))
  const statuses = await Promise.all(strangers.map(statusOf))
  t.equal(statuses.filter((status) => status === 503).length, 8)
  const newcomers: Client[] = Array.from({ length: 4 }, () => ask(NEWCOMER))
  t.strictSame(await Promise.all(newcomers.map(statusOf)), [200, 200, 200, 200])
  await Promise.all(newcomers.map((one) => one.bodyHas(10)))
})

t.test('a second address is served in all ways beside ten connections of each kind from the first one', async (t) => {
  const server = await start(t)
  const asks = [
    get('/'),
    get('/player/'),
    get('/player/?events'),
    get('/status/events'),
    handshake('/talk/x'),
    handshake('/live/x'),
  ]
  const ask = (address: string, text: string) => statusOf(connectTo(t, server.port, text, reachFrom(address)))
  const expected = [200, 200, 200, 200, 101, 101]
  for (const address of [STRANGER, NEWCOMER]) {
    for (let i = 0; i < 10; i++)
      t.strictSame(await Promise.all(asks.map((text) => ask(address, text))), expected, `${address}, ${i}`)
  }
})
