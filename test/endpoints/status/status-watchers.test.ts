import t from 'tap'
import { listen } from '../../client.ts'
import { numbers } from '../../feeders.ts'
import { startServer } from '../../streamserve.ts'
import { watchStatus } from './status-watch.ts'

const RAW = ['-frame-filter', 'raw', '-frame-bytes', '4']

t.test('reports a new listener, and its disconnection, within a second', async (t) => {
  const server = await startServer(t, [...RAW, '-exec', ...numbers()])
  const watch = await watchStatus(t, server.url)
  t.match(watch.response.headers, { 'content-type': 'text/event-stream', 'cache-control': 'no-store' })
  await watch.sees('a report', ({ program }) => program.listeners === 0)
  const began = performance.now()
  const listener = listen(t, server.port)
  await watch.sees('a listener', ({ streams }) => streams[0]?.listeners === 1)
  t.ok(performance.now() - began < 1_000)
  listener.reset()
  await watch.sees('none', ({ streams }) => streams[0]?.listeners === 0)
  t.equal(watch.news.filter(({ whole }) => whole).length, 1)
})

t.test('disconnects subscribers at the end of the program without delaying it', async (t) => {
  const server = await startServer(t, ['-demo'])
  const watches = await Promise.all(Array.from({ length: 5 }, () => watchStatus(t, server.url)))
  for (const watch of watches) await watch.sees('a report', () => true)
  server.child.kill()
  await Promise.all(watches.map(({ closed }) => closed))
  t.equal(await server.exited, 0)
  for (const { response } of watches) t.ok(response.complete, 'as it should')
})

t.test('accepts at most 32 subscribers, and sends Retry-After to the next one', async (t) => {
  const server = await startServer(t, ['-demo'])
  const watches = await Promise.all(Array.from({ length: 32 }, () => watchStatus(t, server.url)))
  const refused = await fetch(`${server.url}/status/events`)
  t.equal(refused.status, 503)
  t.ok(refused.headers.has('retry-after'))
  watches[0]?.response.destroy()
  let later = refused
  while (later.status === 503) later = await fetch(`${server.url}/status/events`)
  t.equal(later.status, 200)
  await later.body?.cancel()
})
