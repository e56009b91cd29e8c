import t from 'tap'
import { listen } from '../client.ts'
import { openProgram } from './program-parts.ts'

const RAW = ['-frame-filter', 'raw', '-frame-bytes', '4', '-burst', '0']

t.test('disconnects only its own listeners when a thread crashes, which can reconnect at once', async (t) => {
  const parts = await openProgram(t, RAW)
  const [one, other] = [await parts.start(), await parts.start()]
  const stay = [parts.port, other.port].map((port) => listen(t, port))
  const lost = [listen(t, one.port), listen(t, one.port)]
  await parts.logged(/listener connected/, 4)
  parts.source.give(Buffer.from('aaaabbbb'))
  for (const listener of [...stay, ...lost]) await listener.bodyHas(8)
  await one.worker.terminate()
  for (const listener of lost) t.equal(String(await listener.closed), 'aaaabbbb')
  await parts.logged(/delivery thread crashed thread=1/)
  t.equal(parts.crashes(), 1)
  t.type(parts.threads.crashedAt, 'number')
  t.equal(parts.threads.count, 1)
  await parts.has(2)
  const back = listen(t, parts.port)
  await parts.logged(/listener connected/, 5)
  parts.source.give(Buffer.from('cccc'))
  for (const listener of stay) t.equal(String(await listener.bodyHas(12)), 'aaaabbbbcccc')
  t.equal(String(await back.bodyHas(8)), 'bbbbcccc')
  t.equal(parts.source.opened, 1)
  const third = await parts.start()
  const newcomer = listen(t, third.port)
  await parts.logged(/listener connected/, 6)
  parts.source.give(Buffer.from('dddd'))
  t.equal(String(await newcomer.bodyHas(8)), 'ccccdddd')
  await parts.has(4)
})

t.test('closes the source with -close-idle when the last listeners disconnect with their thread', async (t) => {
  const parts = await openProgram(t, [...RAW, '-close-idle'])
  const { port, worker } = await parts.start()
  listen(t, port)
  await parts.logged(/source opened/)
  await worker.terminate()
  await parts.logged(/source closed.*no listeners/)
  await parts.has(0)
})

t.test('keeps the totals of listeners of a crashed thread', async (t) => {
  const parts = await openProgram(t, RAW)
  const { port, worker } = await parts.start()
  const listener = listen(t, port)
  await parts.logged(/listener connected/)
  parts.source.give(Buffer.alloc(400))
  await listener.bodyHas(400)
  await worker.terminate()
  await parts.logged(/crashed/)
  t.equal(parts.stream.statistics().bytesOut, 400)
})
