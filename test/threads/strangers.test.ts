import t, { type Test } from 'tap'
import { get, reachFrom, statusOf } from '../access/addresses.ts'
import { connectTo } from '../client.ts'
import { numbers } from '../feeders.ts'
import { needs } from '../programs.ts'
import { startBusy } from './busy-program.ts'
import { needsNewerNode } from './newer-node.ts'

t.setTimeout(180_000)

const LIMIT = 300
const MORE = 400
/** What a stranger may hold: each thread has a part of it. */
const KINDS: Readonly<Record<string, string>> = {
  'idle connections': '',
  streams: get('/'),
}

for (const [kind, text] of Object.entries(KINDS)) {
  t.test(
    `${kind} of one address leave descriptors to another one, whichever thread accepts it`,
    { skip: needsNewerNode || needs('prlimit') },
    async (t) => {
      const { server } = await startBusy(t, ['-exec', ...numbers()], { openFiles: LIMIT })
      await connectTo(t, server.port, get('/player/')).closed
      const strangers = Array.from({ length: MORE }, () => connectTo(t, server.port, text, reachFrom('127.0.0.2')))
      await server.logged(/no room for more connections/)
      // Every one that has asked is served, or refused and closed.
      if (text !== '') await Promise.all(strangers.map((one) => one.headCame().catch(() => '')))
      for (let i = 0; i < 5; i++) await isServed(t, server.port)
    },
  )
}

async function isServed(t: Test, port: number): Promise<void> {
  const clients = [get('/'), get('/player/'), get('/player/?events')].map((text) =>
    connectTo(t, port, text, reachFrom('127.0.0.3')),
  )
  const statuses = await Promise.all(clients.map(statusOf))
  const refused = clients.filter((_, at) => statuses[at] !== 200)
  const bodies = await Promise.all(refused.map(({ closed }) => closed))
  t.strictSame(bodies.map(String), [], 'none is refused')
  for (const { socket } of clients) socket.destroy()
}
