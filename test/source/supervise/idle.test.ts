import t from 'tap'
import { listen } from '../../client.ts'
import { areConsecutive, numbers, numbersIn } from '../../feeders.ts'
import { childrenOf, needsProc, processesWith, uniqueToken, until } from '../../processes.ts'
import { startServer } from '../../streamserve.ts'

const RAW = ['-frame-filter', 'raw', '-frame-bytes', '4']

t.test('starts a source with its first listener, not before', { skip: needsProc }, async (t) => {
  const server = await startServer(t, [...RAW, '-exec', ...numbers()])
  await listen(t, server.port, '/elsewhere').closed
  t.strictSame(childrenOf(server.child.pid ?? 0), [])
  t.equal(server.count(/source opened/), 0)
  const got = numbersIn((await listen(t, server.port).bodyHas(400)).subarray(0, 400))
  t.equal(got[0], 0, 'whoever starts it misses nothing')
  t.ok(areConsecutive(got))
})

t.test('starts one source for any number of listeners at once', async (t) => {
  const server = await startServer(t, [...RAW, '-exec', ...numbers()])
  const listeners = Array.from({ length: 60 }, () => listen(t, server.port))
  for (const listener of listeners) await listener.bodyHas(400)
  await server.logged(/source opened/)
  t.equal(server.count(/source opened/), 1)
  t.ok(listeners.every((listener) => areConsecutive(numbersIn(listener.body().subarray(0, 400)))))
})

t.test('does not count HEAD and OPTIONS as listeners', async (t) => {
  const server = await startServer(t, [...RAW, '-exec', ...numbers()])
  const { connectTo } = await import('../../client.ts')
  for (const method of ['HEAD', 'OPTIONS'])
    await connectTo(t, server.port, `${method} / HTTP/1.1\r\nHost: a\r\n\r\n`).closed
  t.equal(server.count(/source opened/), 0)
})

t.test('starts a source at launch with -warm', async (t) => {
  const server = await startServer(t, [...RAW, '-warm', '-exec', ...numbers()])
  await server.logged(/source opened/)
  t.equal(server.count(/listener connected/), 0)
  const [first = 0] = numbersIn((await listen(t, server.port).bodyHas(4)).subarray(0, 4))
  t.ok(first >= 0)
  await server.logged(/source opened/)
  t.equal(server.count(/source opened/), 1)
})

t.test('keeps a source running by default when its last listener disconnects', async (t) => {
  const server = await startServer(t, [...RAW, '-exec', ...numbers()])
  const first = listen(t, server.port)
  await first.bodyHas(40)
  first.socket.destroy()
  await server.logged(/listener disconnected/)
  const second = listen(t, server.port)
  const [number = 0] = numbersIn((await second.bodyHas(40)).subarray(0, 4))
  t.ok(number > 0, 'it goes on where it is')
  await server.logged(/source opened/)
  t.equal(server.count(/source opened/), 1)
  t.equal(server.count(/source closed/), 0)
})

t.test(
  'closes a source with -close-idle when its last listener disconnects, and opens it for the next',
  { skip: needsProc },
  async (t) => {
    const token = uniqueToken()
    const server = await startServer(t, [...RAW, '-close-idle', '-exec', ...numbers(), token])
    const children = () => processesWith(token).filter((pid) => pid !== server.child.pid)
    for (let i = 1; i <= 3; i++) {
      const stays = listen(t, server.port)
      const leaves = listen(t, server.port)
      await Promise.all([stays.bodyHas(40), leaves.bodyHas(40)])
      t.equal(numbersIn(stays.body().subarray(0, 4))[0], 0, 'a new child')
      t.equal(children().length, 1)
      leaves.socket.destroy()
      await server.loggedTimes(/listener disconnected/, 2 * i - 1)
      await stays.bodyHas(stays.body().length + 40)
      stays.socket.destroy()
      await server.loggedTimes(/source closed.*no listeners/, i)
      await until('the child is gone', () => children().length === 0)
    }
    await server.loggedTimes(/source opened/, 3)
    t.equal(server.count(/source opened/), 3)
  },
)

t.test('has at most one source when listeners connect and disconnect quickly', { skip: needsProc }, async (t) => {
  const token = uniqueToken()
  const server = await startServer(t, [...RAW, '-close-idle', '-exec', ...numbers(), token])
  const children = () => processesWith(token).filter((pid) => pid !== server.child.pid)
  for (let i = 0; i < 30; i++) {
    const listener = listen(t, server.port)
    if (i % 3 > 0) await listener.headCame()
    listener.socket.destroy()
    t.ok(children().length <= 1)
  }
  const last = listen(t, server.port)
  await last.bodyHas(40)
  const { localPort } = last.socket
  last.socket.destroy()
  await server.logged(new RegExp(`listener disconnected.*client=127\\.0\\.0\\.1:${localPort} `))
  await until('the source is closed', () => server.count(/source opened/) === server.count(/source closed/))
  await until('the child is gone', () => children().length === 0)
})
