import t from 'tap'
import { listen } from '../client.ts'
import { openHouse } from './program-parts.ts'

const RAW = ['-frame-filter', 'raw', '-frame-bytes', '4', '-burst', '0']

t.test('a crashed thread costs its own listeners only, and they can come back at once', async (t) => {
  const house = await openHouse(t, RAW)
  const [one, other] = [await house.start(), await house.start()]
  const stay = [house.port, other.port].map((port) => listen(t, port))
  const lost = [listen(t, one.port), listen(t, one.port)]
  await house.logged(/listener came/, 4)
  house.source.give(Buffer.from('aaaabbbb'))
  for (const listener of [...stay, ...lost]) await listener.bodyHas(8)
  await one.worker.terminate()
  for (const listener of lost) t.equal(String(await listener.closed), 'aaaabbbb')
  await house.logged(/a delivery thread has crashed thread=1/)
  t.equal(house.crashes(), 1)
  t.equal(house.threads.count, 1)
  await house.has(2)
  const back = listen(t, house.port)
  await house.logged(/listener came/, 5)
  house.source.give(Buffer.from('cccc'))
  for (const listener of stay) t.equal(String(await listener.bodyHas(12)), 'aaaabbbbcccc')
  t.equal(String(await back.bodyHas(8)), 'bbbbcccc')
  t.equal(house.source.opened, 1)
  const third = await house.start()
  const newcomer = listen(t, third.port)
  await house.logged(/listener came/, 6)
  house.source.give(Buffer.from('dddd'))
  t.equal(String(await newcomer.bodyHas(8)), 'ccccdddd')
  await house.has(4)
})

t.test('with -close-idle the source is closed when the last listeners go with their thread', async (t) => {
  const house = await openHouse(t, [...RAW, '-close-idle'])
  const { port, worker } = await house.start()
  listen(t, port)
  await house.logged(/source opened/)
  await worker.terminate()
  await house.logged(/source closed.*nobody listens/)
  await house.has(0)
})

t.test('what listeners of a crashed thread got still counts', async (t) => {
  const house = await openHouse(t, RAW)
  const { port, worker } = await house.start()
  const listener = listen(t, port)
  await house.logged(/listener came/)
  house.source.give(Buffer.alloc(400))
  await listener.bodyHas(400)
  await worker.terminate()
  await house.logged(/crashed/)
  t.equal(house.stream.statistics().bytesOut, 400)
})
