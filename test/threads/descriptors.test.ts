/** Connections that delivery threads forward need more than one descriptor each. */
import t from 'tap'
import { connectTo } from '../client.ts'
import { areConsecutive, numbers, numbersIn } from '../feeders.ts'
import { needs } from '../programs.ts'
import { startBusy } from './busy-program.ts'
import { needsNewerNode } from './newer-node.ts'

const LIMIT = 480
const EVENTS = 'GET /player/?events HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n'

t.test(
  'opens sources again while many clients request events from threads and descriptors run out',
  { skip: needsNewerNode || needs('prlimit') },
  async (t) => {
    const flags = ['-exec', ...numbers({ count: 1_600 })]
    const { server, listeners } = await startBusy(t, flags, { openFiles: LIMIT })
    for (let round = 0; round < 3; round++) {
      const openings = server.count(/source opened/)
      const clients = Array.from({ length: LIMIT }, () => connectTo(t, server.port, EVENTS))
      const heads = await Promise.all(clients.map((client) => client.headCame().catch(() => '')))
      const answered = heads.filter((head) => /^HTTP\/1\.1 (200|503) /.test(head)).length
      // A reset may take the answer with it where the very last descriptors are closed at once.
      t.ok(answered > 0.9 * LIMIT, `${answered} of ${LIMIT} got an answer`)
      await server.loggedTimes(/source opened/, openings + 2)
      for (const { socket } of clients) socket.destroy()
      await Promise.all(clients.map((client) => client.closed))
    }
    t.equal(server.child.exitCode, null)
    t.equal(server.count(/EMFILE|too many open files/), 0, 'some descriptors are kept for sources')
    t.ok(server.count(/connection limit reached/) > 0)
    for (const listener of listeners) {
      await listener.bodyHas(listener.body().length + 400)
      t.notOk(listener.socket.destroyed)
    }
    const { status } = await fetch(`${server.url}/player/`, { headers: { Accept: 'text/html' } })
    t.equal(status, 200, 'the page is there again')
    t.ok(areConsecutive(numbersIn(listeners[0]?.body().subarray(0, 400) ?? Buffer.alloc(0))))
  },
)
