import t from 'tap'
import { listen } from '../../client.ts'
import { makeFifo, openWriter } from '../../fifos.ts'
import { startServer } from '../../streamserve.ts'
import { needsNewerNode, newerNode } from '../../threads/newer-node.ts'
import { readFeed } from './feed-reader.ts'

const RAW = ['-frame-filter', 'raw', '-frame-bytes', '4']

t.test('sends what happens to the source and the listeners of a stream', async (t) => {
  const fifo = makeFifo(t.testdir())
  const server = await startServer(t, [...RAW, '-path', fifo])
  const feed = await readFeed(t, server.url)
  t.match(feed.response.headers, { 'content-type': 'text/event-stream', 'cache-control': 'no-store' })
  const listener = listen(t, server.port, '/', 'User-Agent: VLC\r\n')
  await feed.receives('first-listener', { stream: '/' })
  const writer = openWriter(t, fifo)
  writer.write(Buffer.alloc(400))
  await feed.receives('source-up', { source: fifo })
  await listener.bodyHas(400)
  await writer.end()
  await feed.receives('source-down', { reason: 'end of input' })
  listener.reset()
  const { data } = await feed.receives('leave')
  await feed.receives('last-listener')
  t.match(data, { event: 'leave', stream: '/', address: '127.0.0.1', bytes: 400, listeners: 0 })
  const { data: came } = await feed.receives('listen')
  t.match(came, { agent: 'VLC', user: null, listener: data['listener'] })
  t.strictSame(
    feed.events.map(({ name }) => name),
    ['listen', 'first-listener', 'source-up', 'source-down', 'leave', 'last-listener'],
  )
  for (const { id, name, data: values } of feed.events) {
    t.match(values, { event: name, id: Number(id), time: /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z$/ })
  }
  const process = server.child
  process.kill()
  await feed.closed
  await server.exited
  t.match(feed.events.at(-1), { name: 'stop', data: { stream: null, reason: 'SIGTERM' } })
  t.ok(feed.response.complete)
})

t.test('sends again what a client has missed, and only new events to others', async (t) => {
  const server = await startServer(t, ['-demo'])
  const first = await readFeed(t, server.url)
  for (let i = 0; i < 3; i++) {
    listen(t, server.port).reset()
    await first.receives('leave', { listeners: 0 })
  }
  const known = first.events[1]?.id ?? ''
  const again = await readFeed(t, server.url, '', known)
  const fresh = await readFeed(t, server.url)
  const earlier = await readFeed(t, server.url, '', '1000000')
  listen(t, server.port, '/', 'User-Agent: mpv\r\n')
  for (const feed of [again, fresh, earlier, first]) await feed.receives('listen', { agent: 'mpv' })
  await Promise.all([again, fresh, earlier].map((feed) => feed.receives('listen', { agent: 'mpv' })))
  const ids = first.events.map(({ id }) => id)
  t.strictSame(
    again.events.map(({ id }) => id).slice(0, ids.length - 2),
    ids.slice(2),
    'those after the one that it names',
  )
  t.equal(fresh.events[0]?.data['agent'], 'mpv')
  t.equal(earlier.events[0]?.name, 'start', 'an id of an earlier run gets all')
})

t.test('sends the events of the streams that the query names', async (t) => {
  const server = await startServer(t, [
    '-config',
    t.testdir({ conf: '[/a]\ndemo\n[/b]\ndemo\n[/c]\ndemo\n' }) + '/conf',
  ])
  const [one, two, all] = await Promise.all([
    readFeed(t, server.url, '?stream=/a'),
    readFeed(t, server.url, '?stream=/a&stream=/b'),
    readFeed(t, server.url),
  ])
  for (const path of ['/c', '/b', '/a']) {
    await listen(t, server.port, path).headCame()
    await all.receives('first-listener', { stream: path })
  }
  await Promise.all([one, two].map((feed) => feed.receives('first-listener', { stream: '/a' })))
  const streamsOf = (feed: typeof one) => [...new Set(feed.events.map(({ data }) => data['stream']))]
  t.strictSame([one, two, all].map(streamsOf), [['/a'], ['/b', '/a'], ['/c', '/b', '/a']])
})

t.test('leaves addresses, agents and commands out where the status is public', async (t) => {
  const server = await startServer(t, ['-status', 'all', ...RAW, '-exec', 'echo 1234 hello; exit 7'])
  const feed = await readFeed(t, server.url)
  listen(t, server.port, '/', 'User-Agent: Secretive\r\n')
  await feed.receives('source-down')
  const json = JSON.stringify(feed.events)
  t.notMatch(json, /127\.0\.0\.1|Secretive|echo/)
  t.match((await feed.receives('listen')).data, { listener: Number, listeners: 1 })
})

t.test('refuses clients that may not see the status', async (t) => {
  const server = await startServer(t, ['-demo'])
  const refused = await fetch(`${server.url}/status/feed`, { headers: { 'X-Forwarded-For': '8.8.8.8' } })
  t.equal(refused.status, 403)
  const head = await fetch(`${server.url}/status/feed`, { method: 'HEAD' })
  t.match([head.status, head.headers.get('content-type')], [200, 'text/event-stream'])
  const off = await startServer(t, ['-demo', '-status', 'off'])
  t.equal((await fetch(`${off.url}/status/feed`)).status, 404)
})

t.test('accepts at most 32 subscribers, and sends Retry-After to the next one', async (t) => {
  const server = await startServer(t, ['-demo'])
  await Promise.all(Array.from({ length: 32 }, () => readFeed(t, server.url)))
  const refused = await fetch(`${server.url}/status/feed`)
  t.equal(refused.status, 503)
  t.ok(refused.headers.has('retry-after'))
})

t.test('has the listeners of delivery threads', { skip: needsNewerNode }, async (t) => {
  const server = await startServer(t, ['-demo', '-cpu-max', '2'], { node: newerNode })
  const feed = await readFeed(t, server.url)
  const listeners = Array.from({ length: 8 }, () => listen(t, server.port))
  await Promise.all(listeners.map((listener) => listener.bodyHas(1)))
  await feed.receives('listen', { listeners: 8 })
  for (const listener of listeners) listener.reset()
  await feed.receives('last-listener')
  t.equal(new Set(feed.events.filter(({ name }) => name === 'leave').map(({ data }) => data['listener'])).size, 8)
})
