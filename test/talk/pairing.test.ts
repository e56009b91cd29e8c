import t from 'tap'
import { startTalk } from './house.ts'
import { arrive, arrivePair, newName, someSound } from './visitor.ts'

t.test('pairs the first client with the second', async (t) => {
  const { port } = await startTalk(t)
  const first = await arrive(t, port)
  t.strictSame(await first.told(), { type: 'waiting', ahead: 0 })
  const second = await arrive(t, port)
  const connected = { type: 'connected', codec: 'opus', partnerMuted: false }
  t.strictSame(await second.told(), connected)
  t.strictSame(await first.told(), connected)
})

t.test('sends every byte of one to the other, and to no third', async (t) => {
  const { port } = await startTalk(t)
  const [one, other] = await arrivePair(t, port)
  const third = await arrive(t, port)
  await third.told()
  one.socket.send(someSound(200, 7))
  t.strictSame(await other.heard(), someSound(200, 7))
  other.socket.send(someSound(1, 9))
  t.strictSame(await one.heard(), someSound(1, 9))
  third.socket.send(someSound(100, 3))
  third.say({ type: 'probe', id: 5 })
  t.strictSame(await third.told(), { type: 'probe', id: 5 })
  t.strictSame([one.waiting(), other.waiting(), third.waiting()], [0, 0, 0])
})

t.test('queues a third and a fourth client, which move up when one leaves', async (t) => {
  const { port } = await startTalk(t)
  const [one, other] = await arrivePair(t, port)
  const third = await arrive(t, port)
  t.strictSame(await third.told(), { type: 'waiting', ahead: 2 })
  const fourth = await arrive(t, port)
  t.strictSame(await fourth.told(), { type: 'waiting', ahead: 3 })

  one.socket.close()
  t.strictSame(await other.told(), { type: 'left' })
  t.match(await other.told(), { type: 'connected' })
  t.match(await third.told(), { type: 'connected' })
  t.strictSame(await fourth.told(), { type: 'waiting', ahead: 2 })
  third.socket.send(someSound())
  t.strictSame(await other.heard(), someSound())
})

t.test('moves the queue up when a waiting client leaves', async (t) => {
  const { port } = await startTalk(t)
  const [one] = await arrivePair(t, port)
  const third = await arrive(t, port)
  await third.told()
  const fourth = await arrive(t, port)
  await fourth.told()
  third.socket.close()
  t.strictSame(await fourth.told(), { type: 'waiting', ahead: 2 })
  t.equal(one.waiting(), 0, 'nobody else is told')
})

t.test('notifies a client whose partner has left, and lets it wait again', async (t) => {
  const { port } = await startTalk(t)
  const [one, other] = await arrivePair(t, port)
  other.socket.terminate()
  t.strictSame(await one.told(), { type: 'left' })
  t.strictSame(await one.told(), { type: 'waiting', ahead: 0 })
  one.socket.send(someSound())
  const next = await arrive(t, port)
  t.match(await next.told(), { type: 'connected' })
  t.match(await one.told(), { type: 'connected' })
})

t.test('keeps rooms apart', async (t) => {
  const { port } = await startTalk(t)
  await arrivePair(t, port, '/kitchen')
  const elsewhere = await arrive(t, port, '/cellar')
  t.strictSame(await elsewhere.told(), { type: 'waiting', ahead: 0 })
})

t.test('chooses a codec that both have', async (t) => {
  const { port } = await startTalk(t)
  const old = await arrive(t, port, '/', ['pcm'])
  await old.told()
  const young = await arrive(t, port, '/', ['pcm', 'opus'])
  t.match(await young.told(), { codec: 'pcm' })
  t.match(await old.told(), { codec: 'pcm' })
})

t.test('notifies a partner of mute, also when it joins later', async (t) => {
  const { port } = await startTalk(t)
  const one = await arrive(t, port)
  await one.told()
  one.say({ type: 'muted', muted: true })
  const other = await arrive(t, port)
  t.match(await other.told(), { type: 'connected', partnerMuted: true })
  one.say({ type: 'muted', muted: false })
  t.strictSame(await other.told(), { type: 'muted', muted: false })
})

t.test('gives a page that reconnects its previous place', async (t) => {
  const { port } = await startTalk(t)
  const me = newName()
  const before = await arrive(t, port, '/', ['pcm'], me)
  await before.told()
  const partner = await arrive(t, port)
  await Promise.all([partner.told(), before.told()])
  const third = await arrive(t, port)
  await third.told()

  const again = await arrive(t, port, '/', ['pcm'], me)
  t.match(await again.told(), { type: 'connected' })
  t.match(await partner.told(), { type: 'connected' })
  t.equal(await before.closed, 4001)
  again.socket.send(someSound())
  t.strictSame(await partner.heard(), someSound())
  t.strictSame([partner.waiting(), third.waiting()], [0, 0], 'nobody was told that somebody left')
})

t.test('returns a probe after the messages that were sent before it', async (t) => {
  const { port } = await startTalk(t)
  const one = await arrive(t, port)
  await one.told()
  one.say({ type: 'probe', id: 17 })
  t.strictSame(await one.told(), { type: 'probe', id: 17 })
})

t.test('notifies all people at the end of the server', async (t) => {
  const { port, talk } = await startTalk(t)
  const pair = await arrivePair(t, port)
  await talk.close()
  t.strictSame(await Promise.all(pair.map(({ closed }) => closed)), [1001, 1001])
})
