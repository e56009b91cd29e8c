import t from 'tap'
import { listen } from '../../client.ts'
import { startServer } from '../../streamserve.ts'

/** Time of day at which a line was logged, in milliseconds. */
function timeOf(line: string): number {
  const [, h, m, s] = /(\d\d):(\d\d):(\d\d\.\d+)/.exec(line) ?? []
  return (Number(h) * 3600 + Number(m) * 60 + Number(s)) * 1000
}

t.test('keeps twenty listeners through a crash loop, and sends the bytes of every run', async (t) => {
  const script = `process.stdout.write(String(process.pid).padStart(16, '.'), () => process.exit(3))`
  const flags = ['-debug', '-frame-filter', 'raw', '-frame-bytes', '16', '-max-delay', '0']
  const server = await startServer(t, [...flags, '-exec', process.execPath, '-e', script])
  // The first run begins with the first listener: runs count from when all are connected.
  const listeners = Array.from({ length: 20 }, () => listen(t, server.port))
  await server.loggedTimes(/listener connected/, 20)
  const runsBefore = server.count(/source opened/)
  await server.loggedTimes(/source closed/, runsBefore + 4)
  const pids = (await server.loggedTimes(/source opened/, runsBefore + 4)).map((line) =>
    Number(/ pid=(\d+)/.exec(line)?.[1]),
  )
  const wanted = pids
    .slice(runsBefore, runsBefore + 4)
    .map((pid) => String(pid).padStart(16, '.'))
    .join('')
  for (const listener of listeners) {
    await listener.bodyHas(wanted.length)
    while (!listener.body().includes(wanted)) await listener.bodyHas(listener.body().length + 1)
    t.equal(listener.body().length % 16, 0, 'whole frames')
    t.notOk(listener.socket.destroyed)
  }
  t.equal(server.count(/listener disconnected/), 0)
  t.match(await server.logged(/source closed/), 'reason="exit code 3"')
})

t.test('increases the pauses between runs', async (t) => {
  const server = await startServer(t, ['-debug', '-exec', 'echo x; exit 1'])
  listen(t, server.port)
  const closed = (await server.loggedTimes(/source closed/, 6)).map(timeOf)
  const opened = (await server.loggedTimes(/source opened/, 6)).map(timeOf)
  const pauses = closed.slice(0, 5).map((at, i) => (opened[i + 1] ?? 0) - at)
  for (const [i, leastMs] of [100, 200, 400, 800, 1_600].entries()) {
    t.ok((pauses[i] ?? 0) > leastMs - 20, `pause ${i + 1}: ${pauses[i]} ms`)
  }
})

t.test('lets a listener that connects during a pause wait for the next run', async (t) => {
  const server = await startServer(t, ['-frame-bytes', '2', '-exec', 'echo x; exit 1'])
  const first = listen(t, server.port)
  await first.bodyHas(2)
  await server.loggedTimes(/source closed/, 3)
  const second = listen(t, server.port)
  t.equal((await second.bodyHas(2)).toString().slice(0, 2), 'x\n')
})
