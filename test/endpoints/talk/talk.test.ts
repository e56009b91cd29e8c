import t from 'tap'
import { startServer } from '../../streamserve.ts'
import { arrive } from '../../talk/visitor.ts'

t.test('serves the page at /talk and in each room, with the microphone allowed', async (t) => {
  const { url } = await startServer(t, ['-demo', '-talk'])
  for (const path of ['/talk', '/talk/', '/talk/kitchen', '/talk/K%C3%BCche%20%F0%9F%8D%B3']) {
    const answer = await fetch(url + path)
    t.equal(answer.status, 200, path)
    t.match(answer.headers.get('permissions-policy'), /microphone=\(self\)/)
    t.match(await answer.text(), `<h1>${decodeURIComponent(path.slice('/talk/'.length)) || 'Talk'}</h1>`)
  }
  t.equal((await fetch(`${url}/talk`, { method: 'HEAD' })).status, 200)
})

t.test('escapes the name of a room', async (t) => {
  const { url } = await startServer(t, ['-demo', '-talk'])
  const html = await (await fetch(`${url}/talk/${encodeURIComponent('"><script>')}`)).text()
  t.notMatch(html, '"><script>')
})

t.test('refuses rooms within rooms, and names that are too long or unreadable', async (t) => {
  const { url } = await startServer(t, ['-demo', '-talk'])
  for (const path of ['/talk/a/b', `/talk/${'a'.repeat(65)}`, '/talk/%E2%80%AE', '/talks']) {
    t.equal((await fetch(url + path)).status, 404, path)
  }
})

t.test('has no such page without -talk', async (t) => {
  const { url, port } = await startServer(t, ['-demo'])
  t.equal((await fetch(`${url}/talk`)).status, 404)
  await t.rejects(arrive(t, port, '/talk'), /404/)
})

t.test('ignores the case of the name of a room', async (t) => {
  const { port } = await startServer(t, ['-demo', '-talk'])
  const one = await arrive(t, port, '/talk/Kitchen')
  await one.told()
  const other = await arrive(t, port, '/talk/kitchen')
  t.match(await other.told(), { type: 'connected' })
})

t.test('logs addresses and counts of people in a room', async (t) => {
  const server = await startServer(t, ['-demo', '-talk'])
  const one = await arrive(t, server.port, '/talk/kitchen')
  await one.told()
  t.match(await server.logged(/talker connected/), /room=kitchen client=127\.0\.0\.1:\d+$/)
  one.socket.close(1000)
  t.match(await server.logged(/talker disconnected/), /room=kitchen client=\S+ code=1000 passed=0 dropped=0$/)
})

t.test('notifies all people at the end of the program', async (t) => {
  const server = await startServer(t, ['-demo', '-talk'])
  const one = await arrive(t, server.port, '/talk')
  await one.told()
  server.child.kill('SIGTERM')
  t.equal(await one.closed, 1001)
  t.equal(await server.exited, 0)
})
