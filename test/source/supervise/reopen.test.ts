import t from 'tap'
import { listen } from '../../client.ts'
import { areConsecutive, numbers, numbersIn } from '../../feeders.ts'
import { needsProc, uniqueToken, untilGone } from '../../processes.ts'
import { startServer } from '../../streamserve.ts'

const RAW = ['-frame-filter', 'raw', '-frame-bytes', '4']

t.test('sends all listeners all bytes, disconnects them, and exits with 0 without reopening', async (t) => {
  const server = await startServer(t, [
    ...RAW,
    '-reopen=false',
    '-exec',
    ...numbers({ everyMs: 1, burst: 1_000, count: 100_000 }),
  ])
  const listeners = Array.from({ length: 10 }, () => listen(t, server.port))
  for (const listener of listeners) {
    const got = numbersIn(await listener.closed)
    t.equal(got.at(-1), 99_999)
    t.ok(areConsecutive(got))
  }
  t.equal(await server.exited, 0)
  t.equal(server.count(/listener disconnected.*reason="stream ended"/), 10)
})

t.test('sends a slow listener all of the ring before the program ends', async (t) => {
  const count = 400_000
  const flags = [...RAW, '-source-buffer', String(count), '-reopen=false']
  const server = await startServer(t, [...flags, '-exec', ...numbers({ everyMs: 0, burst: 10_000, count })])
  const listener = listen(t, server.port)
  await listener.headCame()
  listener.socket.pause()
  await server.logged(/source closed.*end of input/)
  t.equal(server.child.exitCode, null)
  listener.socket.resume()
  const got = numbersIn(await listener.closed)
  t.equal(got.length, count)
  t.ok(areConsecutive(got))
  t.equal(await server.exited, 0)
})

t.test('disconnects listeners in order and exits with 1 without reopening when the source fails', async (t) => {
  const server = await startServer(t, ['-frame-bytes', '4', '-reopen=false', '-exec', 'printf abcdefgh; exit 5'])
  const listener = listen(t, server.port)
  t.equal((await listener.closed).toString(), 'abcdefgh')
  t.equal(await server.exited, 1)
  t.match(server.log(), /shutdown started reason="exit code 5"/)
})

t.test('exits with 1 without reopening when the program does not exist', async (t) => {
  const server = await startServer(t, ['-reopen=false', '-warm', '-exec', 'no-such-program-at-all'])
  t.equal(await server.exited, 1)
})

t.test(
  'kills a source without bytes for -max-quiet-interval, opens it again, and keeps listeners',
  { skip: needsProc },
  async (t) => {
    const token = uniqueToken()
    const flags = [...RAW, '-max-quiet-interval', '300ms', '-exec', `printf abcd; sleep 1000; : ${token}`]
    const server = await startServer(t, flags)
    const listener = listen(t, server.port)
    t.equal((await listener.bodyHas(12)).toString().slice(0, 12), 'abcdabcdabcd')
    t.match(await server.logged(/source closed/), 'reason="quiet for 0.3 s"')
    t.notOk(listener.socket.destroyed)
    server.child.kill()
    t.equal(await server.exited, 0)
    await untilGone(token)
  },
)

t.test('exits with 1 without reopening when a source is quiet for too long', async (t) => {
  const flags = [...RAW, '-max-quiet-interval', '200ms', '-reopen=false', '-exec', 'printf abcd; sleep 1000']
  const server = await startServer(t, flags)
  t.equal((await listen(t, server.port).closed).toString(), 'abcd')
  t.equal(await server.exited, 1)
})

t.test('does not close a source that sends a byte now and then', async (t) => {
  const flags = ['-frame-bytes', '1', '-max-quiet-interval', '5s', '-exec']
  const server = await startServer(t, [...flags, 'while :; do printf x; sleep 0.1; done'])
  await listen(t, server.port).bodyHas(10)
  await server.logged(/source opened/)
  t.equal(server.count(/source opened/), 1)
})
