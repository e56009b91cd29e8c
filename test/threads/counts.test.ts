import t from 'tap'
import { listen } from '../client.ts'
import { statusAt } from '../endpoints/status/status-watch.ts'
import { numberBytes, numbers } from '../feeders.ts'
import { until } from '../processes.ts'
import { startBusy } from './busy-program.ts'
import { needsNewerNode } from './newer-node.ts'
import { openProgram } from './program-parts.ts'

const RAW = ['-frame-filter', 'raw', '-frame-bytes', '4']

t.test('counts the frames of all threads once each when they are requested', async (t) => {
  const parts = await openProgram(t, [...RAW, '-burst', '0'])
  const ports = [(await parts.start()).port, (await parts.start()).port]
  const listeners = [...ports, ...ports].map((port) => listen(t, port))
  await parts.has(4)
  parts.source.give(numberBytes(0, 100))
  for (const listener of listeners) await listener.bodyHas(400)
  t.match(parts.stream.totals(), { joins: 4, framesSent: 400, framesSkipped: 0, laps: 0 })
  listeners[0]?.reset()
  await parts.has(3)
  parts.source.give(numberBytes(100, 50))
  for (const listener of listeners.slice(1)) await listener.bodyHas(600)
  for (let i = 0; i < 2; i++) t.match(parts.stream.totals(), { framesSent: 550, framesSkipped: 0, bytesOut: 4 * 550 })
  t.match(parts.stream.statistics(), { listeners: 3, bytesIn: 600, bytesOut: 4 * 550 })
})

t.test('counts frames that a listener of a thread misses', async (t) => {
  const parts = await openProgram(t, ['-frame-filter', 'raw', '-frame-bytes', '4000', '-source-buffer', '100'])
  const { port } = await parts.start()
  const [slow, other] = [listen(t, port), listen(t, port)]
  await Promise.all([slow.headCame(), other.headCame()])
  slow.socket.pause()
  const flood = setInterval(() => parts.source.give(Buffer.alloc(200_000)), 5)
  await other.bodyHas(30_000_000)
  clearInterval(flood)
  slow.socket.resume()
  await until('frames are skipped', () => parts.stream.totals().framesSkipped > 0)
  for (const client of [slow, other]) client.reset()
  await parts.logged(/listener disconnected/, 2)
  const { framesSkipped, laps } = parts.stream.totals()
  const logged = parts.log.records.reduce((sum, { properties }) => sum + Number(properties['skipped'] ?? 0), 0)
  t.equal(framesSkipped, logged)
  t.ok(laps > 0)
})

t.test('reports the frames of all threads in the status', { skip: needsNewerNode }, async (t) => {
  const { server, listeners } = await startBusy(t, ['-exec', ...numbers()])
  for (const listener of listeners) await listener.bodyHas(listener.body().length + 400)
  const during = await statusAt(server.url)
  t.match(during.program, { threads: 2, listeners: listeners.length })
  for (const client of listeners) client.reset()
  const left = await server.loggedTimes(/listener disconnected/, listeners.length)
  const frames = left.reduce((sum, line) => sum + Number(/frames=(\d+)/.exec(line)?.[1]), 0)
  t.ok((during.streams[0]?.framesSent ?? 0) > 100 * listeners.length)
  const after = await statusAt(server.url)
  t.match(after.streams[0], { listeners: 0, framesSent: frames, framesSkipped: 0 })
})
