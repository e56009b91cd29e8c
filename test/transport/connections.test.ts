import { readdirSync } from 'node:fs'
import t from 'tap'
import { connectTo, type Reach } from '../client.ts'
import { numbers } from '../feeders.ts'
import { needsProc, until } from '../processes.ts'
import { type Server, startServer } from '../streamserve.ts'
import { securely, startSecure } from '../tls/secure.ts'

const SOURCE = ['-frame-filter', 'raw', '-exec', ...numbers()]
const ROUNDS = 20
const AT_ONCE = 50
/** A page, a refusal, a stream that is disconnected at once, an incomplete head, and nothing at all. */
const TEXTS = [
  'GET /status HTTP/1.1\r\nHost: x\r\n\r\n',
  'GET /nowhere HTTP/1.1\r\nHost: x\r\n\r\n',
  'GET / HTTP/1.1\r\nHost: x\r\n\r\n',
  'GET / HT',
  '',
]

function descriptorsOf({ child }: Server): number {
  return readdirSync(`/proc/${child.pid}/fd`).length
}

for (const [what, start, reach] of [
  ['HTTP', startServer, undefined],
  ['HTTPS', startSecure, securely],
] as const) {
  t.test(`a thousand quick connections over ${what} leave no descriptor behind`, { skip: needsProc }, async (t) => {
    const server = await start(t, SOURCE)
    await visit(server, reach)
    const before = descriptorsOf(server)
    for (let round = 0; round < ROUNDS; round++) await visit(server, reach)
    await until('all descriptors are closed', () => descriptorsOf(server) <= before)
    t.match(await connectTo(t, server.port, TEXTS[1] ?? '', reach).closed, /no stream/)
  })

  async function visit(server: Server, reach: Reach | undefined): Promise<void> {
    const clients = Array.from({ length: AT_ONCE }, (_, i) =>
      connectTo(t, server.port, TEXTS[i % TEXTS.length] ?? '', reach),
    )
    for (const [i, client] of clients.entries()) {
      const leave = () => client.socket.destroy()
      if (i % TEXTS.length < 3) void client.headCame().then(leave, leave)
      else client.socket.once(reach === undefined ? 'connect' : 'secureConnect', leave)
    }
    await Promise.all(clients.map((client) => client.closed))
  }
}
