import t from 'tap'
import { listen } from '../client.ts'
import { statusAt } from '../endpoints/status/status-watch.ts'
import { numberBytes, numbers } from '../feeders.ts'
import { startBusy } from './busy-program.ts'
import { needsNewerNode } from './newer-node.ts'
import { openHouse } from './program-parts.ts'

const RAW = ['-frame-filter', 'raw', '-frame-bytes', '4']

t.test('frames of all threads are counted when somebody asks, once each', async (t) => {
  const house = await openHouse(t, [...RAW, '-burst', '0'])
  const ports = [(await house.start()).port, (await house.start()).port]
  const listeners = [...ports, ...ports].map((port) => listen(t, port))
  await house.has(4)
  house.source.give(numberBytes(0, 100))
  for (const listener of listeners) await listener.bodyHas(400)
  const elsewhere = async () => {
    await house.threads.recount()
    house.stream.recount()
    return { ...house.stream.framesElsewhere }
  }
  t.strictSame(await elsewhere(), { framesSent: 400, framesSkipped: 0 })
  listeners[0]?.reset()
  await house.has(3)
  house.source.give(numberBytes(100, 50))
  for (const listener of listeners.slice(1)) await listener.bodyHas(600)
  const both = await Promise.all([elsewhere(), elsewhere()])
  for (const one of both) t.strictSame(one, { framesSent: 550, framesSkipped: 0 })
  t.equal(house.stream.statistics().bytesOut, 4 * 550)
})

t.test('frames that a listener of a thread misses are counted', async (t) => {
  const house = await openHouse(t, ['-frame-filter', 'raw', '-frame-bytes', '4000', '-source-buffer', '100'])
  const { port } = await house.start()
  const [laggard, other] = [listen(t, port), listen(t, port)]
  await Promise.all([laggard.headCame(), other.headCame()])
  laggard.socket.pause()
  const flood = setInterval(() => house.source.give(Buffer.alloc(200_000)), 5)
  await other.bodyHas(30_000_000)
  clearInterval(flood)
  laggard.socket.resume()
  const { framesElsewhere } = house.stream
  const recount = async () => {
    await house.threads.recount()
    house.stream.recount()
  }
  while (framesElsewhere.framesSkipped === 0) await recount()
  for (const client of [laggard, other]) client.reset()
  await house.logged(/listener left/, 2)
  await recount()
  const logged = house.log.records.reduce((sum, { properties }) => sum + Number(properties['skipped'] ?? 0), 0)
  t.equal(framesElsewhere.framesSkipped, logged)
})

t.test('the status of a program with a thread has the frames of all', { skip: needsNewerNode }, async (t) => {
  const { server, listeners } = await startBusy(t, ['-exec', ...numbers()])
  for (const listener of listeners) await listener.bodyHas(listener.body().length + 400)
  const during = await statusAt(server.url)
  t.match(during.program, { threads: 2, listeners: listeners.length })
  for (const client of listeners) client.reset()
  const left = await server.loggedTimes(/listener left/, listeners.length)
  const frames = left.reduce((sum, line) => sum + Number(/frames=(\d+)/.exec(line)?.[1]), 0)
  t.ok((during.streams[0]?.framesSent ?? 0) > 100 * listeners.length)
  const after = await statusAt(server.url)
  t.match(after.streams[0], { listeners: 0, framesSent: frames, framesSkipped: 0 })
})
