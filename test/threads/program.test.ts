import t from 'tap'
import { areConsecutive, numbers, numbersIn } from '../feeders.ts'
import { run, startServer } from '../streamserve.ts'
import { startBusy } from './busy-program.ts'
import { needsNewerNode, newerNode } from './newer-node.ts'

t.test('a busy program starts a thread, which serves the same stream', { skip: needsNewerNode }, async (t) => {
  const { server, listeners } = await startBusy(t, ['-stat-log-interval', '500ms', '-exec', ...numbers()])
  for (const listener of listeners) await listener.bodyHas(listener.body().length + 400)
  await server.logged(new RegExp(`statistics stream=/ listeners=${listeners.length} `))
  t.equal(server.count(/source opened/), 1)
  t.equal(server.count(/delivery thread started/), 1)
  server.child.kill()
  t.equal(await server.exited, 0)
  const bodies = await Promise.all(listeners.map((listener) => listener.closed))
  for (const body of bodies) t.ok(areConsecutive(numbersIn(body)))
  t.equal(server.count(/listener disconnected .*skipped=0 reason="shutting down"/), listeners.length)
  t.ok(server.count(/listener disconnected thread=1 stream=\/ client=127/) >= 2)
  t.match(server.log().trim().split('\n').at(-1), /source closed/)
})

t.test(
  'sends listeners of both threads all bytes with -reopen=false, and ends',
  { skip: needsNewerNode },
  async (t) => {
    const flags = ['-reopen=false', '-source-buffer', '100000', '-exec', ...numbers({ count: 14_000 })]
    const { server, listeners } = await startBusy(t, flags)
    t.equal(await server.exited, 0)
    for (const listener of listeners) {
      const got = numbersIn(await listener.closed)
      t.ok(areConsecutive(got))
      t.equal(got.at(-1), 13_999)
    }
    t.equal(server.count(/listener disconnected .*reason="stream ended"/), listeners.length)
  },
)

t.test('a second streamserve cannot listen at the same port', { skip: needsNewerNode }, async (t) => {
  const source = ['-exec', ...numbers()]
  const first = await startServer(t, ['-cpu-max', '2', ...source], { node: newerNode })
  const address = ['-address', `127.0.0.1:${first.port}`]
  const { code, stderr } = await run(['-cpu-max', '2', ...address, ...source], newerNode)
  t.equal(code, 1)
  t.match(stderr, 'the port is in use by another program')
})

t.test(
  'uses one core, and reports it if more were requested, on a Node whose threads cannot share a port',
  async (t) => {
    const isOld = newerNode !== process.execPath
    for (const [flags, lines] of [
      [['-cpu-max', '2'], 1],
      [['-cpu-max', '1'], 0],
      [[], 0],
    ] as const) {
      const server = await startServer(t, [...flags, '-exec', ...numbers()])
      t.equal(
        server.count(/WARNING delivery threads disabled reason="they need Node.js 22.12 or newer, and this is /),
        isOld ? lines : 0,
      )
    }
  },
)
