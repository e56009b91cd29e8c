import { join } from 'node:path'
import t from 'tap'
import { get, handshake } from '../access/addresses.ts'
import { connectTo, listen } from '../client.ts'
import { numbers } from '../feeders.ts'
import { startBusy } from '../threads/busy-program.ts'
import { needsNewerNode } from '../threads/newer-node.ts'
import { readLines } from './log-lines.ts'

t.setTimeout(180_000)

const REQUESTS = 400
const skip = needsNewerNode

t.test('a program with threads logs each response once, up to its end', { skip }, async (t) => {
  const file = join(t.testdir(), 'access.log')
  const { server, listeners } = await startBusy(t, ['-talk', '-access-log', file, '-exec', ...numbers()])
  for (let first = 0; first < REQUESTS; first += 20) {
    const batch = Array.from({ length: 20 }, (_, number) => connectTo(t, server.port, get(`/n${first + number}`)))
    for (const { closed } of batch) await closed
  }
  const sockets = Array.from({ length: 6 }, () => connectTo(t, server.port, handshake('/talk/x')))
  for (const socket of sockets) await socket.headCame()
  server.child.kill('SIGHUP')
  await server.logged(/access log opened again/)
  server.child.kill('SIGTERM')
  await server.exited
  const lines = await readLines(file)
  const statuses = (status: number) => lines.filter((line) => line.status === status).length
  t.equal(statuses(404), REQUESTS)
  t.equal(new Set(lines.filter(({ status }) => status === 404).map(({ request }) => request)).size, REQUESTS)
  t.equal(statuses(101), sockets.length)
  t.equal(statuses(200), listeners.length)
})

t.test('a program with threads has as many connections as it may, and no more', { skip }, async (t) => {
  const most = 20
  const { server, listeners } = await startBusy(t, ['-max-connections', String(most), '-exec', ...numbers()])
  const more = Array.from({ length: 40 }, () => listen(t, server.port))
  await server.loggedTimes(/listener connected/, most)
  const outcomes = await Promise.allSettled(more.map((client) => client.headCame()))
  const heads = outcomes.flatMap((outcome) => (outcome.status === 'fulfilled' ? [outcome.value] : []))
  t.equal(heads.filter((head) => head.startsWith('HTTP/1.1 200')).length, most - listeners.length)
  t.ok(heads.some((head) => head.startsWith('HTTP/1.1 503')))
})
