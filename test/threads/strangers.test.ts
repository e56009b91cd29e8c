import t, { type Test } from 'tap'
import { get, handshake, reachFrom, statusOf } from '../access/addresses.ts'
import { type Client, connectTo } from '../client.ts'
import { numbers } from '../feeders.ts'
import { needs } from '../programs.ts'
import type { Server } from '../streamserve.ts'
import { startBusy } from './busy-program.ts'
import { needsNewerNode } from './newer-node.ts'

t.setTimeout(180_000)

const LIMIT = 300
const MORE = 400
const skip = needsNewerNode || needs('prlimit')

const STREAM = get('/')
const PAGE = get('/player/')
const EVENTS = get('/player/?events')
const STATUS = get('/status/events')

/** Connections that last, of which one address may open any number: each thread has a part of them. */
const LASTING: Readonly<Record<string, string>> = {
  'idle connections': '',
  streams: STREAM,
  'player events': EVENTS,
}
/** Requests that are answered at once, or of which only some are let in. */
const BRIEF = [PAGE, STATUS, handshake('/talk/x'), handshake('/live/x')]
/** Requests of another address, and their answers: fewer than a browser has connections. */
const WISHES = [STREAM, PAGE, EVENTS, STATUS, handshake('/talk/y'), handshake('/live/y')]
const SERVED = [200, 200, 200, 200, 101, 101]

for (const [kind, text] of Object.entries(LASTING)) {
  t.test(`${kind} of one address leave descriptors to another one, in any thread`, { skip }, async (t) => {
    const server = await start(t)
    const strangers = Array.from({ length: MORE }, () => comeAsStranger(t, server, text))
    await server.logged(/connection limit reached/)
    if (text !== '') await settled(strangers)
    for (let i = 0; i < 5; i++) await isServed(t, server)
  })
}

t.test('requests of all kinds of one address leave room to another one, in any thread', { skip }, async (t) => {
  const server = await start(t)
  const strangers = Array.from({ length: MORE / BRIEF.length }, () =>
    BRIEF.map((text) => comeAsStranger(t, server, text)),
  )
  await settled(strangers.flat())
  for (let i = 0; i < 5; i++) await isServed(t, server)
})

/** @returns a program of two threads that has opened its pages. */
async function start(t: Test): Promise<Server> {
  const flags = ['-talk', '-live-token', 'open-sesame', '-exec', ...numbers()]
  const { server } = await startBusy(t, flags, { openFiles: LIMIT })
  await connectTo(t, server.port, PAGE).closed
  return server
}

function comeAsStranger(t: Test, { port }: Server, text: string): Client {
  return connectTo(t, port, text, reachFrom('127.0.0.2'))
}

/** Resolved when each has an answer, or was closed without one. */
async function settled(clients: readonly Client[]): Promise<void> {
  await Promise.all(clients.map((client) => client.headCame().catch(() => '')))
}

async function isServed(t: Test, { port }: Server): Promise<void> {
  const clients = WISHES.map((text) => connectTo(t, port, text, reachFrom('127.0.0.3')))
  const statuses = await Promise.all(clients.map((client) => statusOf(client).catch(String)))
  t.strictSame(statuses, SERVED)
  for (const client of clients) client.reset()
}
