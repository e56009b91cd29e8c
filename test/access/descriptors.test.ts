import t, { type Test } from 'tap'
import { type Client, connectTo, type Reach } from '../client.ts'
import { needs } from '../programs.ts'
import { type Server, type StartOptions, startServer } from '../streamserve.ts'
import { securely, startSecure } from '../tls/secure.ts'
import { get, handshake, reachFrom, statusOf } from './addresses.ts'

const STRANGER = '127.0.0.2'
/** One address per client: connections that are still closing count for theirs. */
const NEWCOMERS = ['127.0.0.3', '127.0.0.4', '127.0.0.5']
const FLAGS = ['-demo', '-talk', '-live-token', 'open-sesame']
const OPEN_FILES = 160
const MORE = 240

/** Requests with which the stranger holds connections. */
const KINDS: Readonly<Record<string, string>> = {
  'idle connections': '',
  'half a head': 'GET / HTTP/1.1\r\nHost: ',
  streams: get('/'),
  'player events': get('/player/?events'),
  'low-delay streams': handshake('/?low'),
  'talk without a greeting': handshake('/talk/x'),
}

/** Checks that one connection of each kind is served. */
async function isServed(t: Test, { port }: Server, reach: Reach): Promise<void> {
  const clients: Client[] = []
  const ask = (text: string) => {
    const client = connectTo(t, port, text, reach)
    clients.push(client)
    return client
  }
  const stream = ask(get('/'))
  t.ok((await stream.bodyHas(10_000)).length > 0, 'a stream')
  t.equal(await statusOf(ask(get('/player/'))), 200, 'a page')
  t.equal(await statusOf(ask(get('/player/?events'))), 200, 'player events')
  t.equal(await statusOf(ask(get('/status/events'))), 200, 'status events')
  t.equal(await statusOf(ask(handshake('/talk/y'))), 101, 'talk')
  t.equal(await statusOf(ask(handshake('/live/y'))), 101, 'live')
  await stream.bodyHas(stream.body().length + 10_000)
  for (const { socket } of clients) socket.destroy()
}

t.setTimeout(180_000)

function secureFrom(localAddress: string): Reach {
  return (port) => securely(port, { socket: reachFrom(localAddress)(port) })
}

/** A request as forwarded by a proxy. */
function throughProxy(address: string): string {
  return get('/', `X-Forwarded-For: 203.0.113.9, ${address}\r\n`)
}

async function crowdedServer(
  t: Test,
  start: (t: Test, flags: readonly string[], options: StartOptions) => Promise<Server>,
  text: string,
  reach: Reach,
): Promise<Server> {
  const server = await start(t, FLAGS, { openFiles: OPEN_FILES })
  // The first request loads the pages.
  await connectTo(t, server.port, get('/status.json'), reach).closed
  for (let i = 0; i < MORE; i++) connectTo(t, server.port, text, reach)
  await server.logged(/WARNING connection limit/)
  return server
}

for (const [kind, text] of Object.entries(KINDS)) {
  t.test(`${kind} of one address leave descriptors to another one`, { skip: needs('prlimit') }, async (t) => {
    const server = await crowdedServer(t, startServer, text, reachFrom(STRANGER))
    for (const newcomer of NEWCOMERS) await isServed(t, server, reachFrom(newcomer))
  })
}

t.test('handshakes of one address leave descriptors to another one', { skip: needs('prlimit') }, async (t) => {
  const server = await crowdedServer(t, startSecure, get('/'), secureFrom(STRANGER))
  for (const newcomer of NEWCOMERS) await isServed(t, server, secureFrom(newcomer))
  await server.logged(/connection limit reached .*closed=[1-9]/)
  await server.logged(/listener disconnected .* client=127\.0\.0\.2:.* reason="descriptor limit"/)
})

t.test(
  'clients of a proxy on this machine count by the address that it appends',
  { skip: needs('prlimit') },
  async (t) => {
    const reach = reachFrom('127.0.0.1')
    const server = await crowdedServer(t, startServer, throughProxy('198.51.100.7'), reach)
    const other = connectTo(t, server.port, throughProxy('198.51.100.8'), reach)
    await other.bodyHas(10_000)
    const same = connectTo(t, server.port, throughProxy('198.51.100.7'), reach)
    await other.bodyHas(other.body().length + 10_000)
    same.socket.destroy()
  },
)
