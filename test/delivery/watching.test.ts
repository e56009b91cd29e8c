import t from 'tap'
import { createDeliveries } from '../../src/delivery/deliveries.ts'
import type { Stream } from '../../src/stream/stream.ts'
import { createManualClock } from '../manual-clock.ts'
import { deliveryOf, MemoryClient } from './memory-client.ts'
import { MemoryStream } from './memory-stream.ts'

t.test('frames are watched while there are listeners', async (t) => {
  const stream = new MemoryStream(64)
  const delivery = deliveryOf(stream)
  t.equal(stream.watching, 0)
  const [one, other] = [new MemoryClient(), new MemoryClient()]
  delivery.join(one)
  delivery.join(other)
  one.end()
  t.equal(stream.watching, 1)
  other.end()
  t.equal(stream.watching, 0)
})

t.test('a listener that connects after a pause of watching starts at the newest frame', async (t) => {
  const stream = new MemoryStream(64)
  const delivery = deliveryOf(stream)
  const first = new MemoryClient()
  delivery.join(first)
  stream.take([0])
  first.end()
  stream.take([0, 0, 0])
  const second = new MemoryClient()
  delivery.join(second)
  t.equal(second.text, '[header]{3}<3>')
  stream.take([0])
  t.equal(second.text, '[header]{3}<3><4>')
  t.equal(first.text, '[header]{0}<0>')
})

t.test('a stream that is over is not watched once its last listener has disconnected', async (t) => {
  const stream = new MemoryStream(64)
  const delivery = deliveryOf(stream)
  const client = new MemoryClient()
  delivery.join(client)
  stream.take([0, 0])
  stream.finish()
  await delivery.whenEmpty()
  t.equal(client.text, '[header]{0}<0><1>')
  t.equal(stream.watching, 0)
})

t.test('streams with listeners share the time of rounds', async (t) => {
  const deliveryOf = createDeliveries(1_000_000, createManualClock())
  const [one, other] = [0, 1].map(() => deliveryOf(new MemoryStream(64) as unknown as Stream))
  if (one === undefined || other === undefined) throw new Error('two deliveries')
  const clients = [new MemoryClient(), new MemoryClient(), new MemoryClient()] as const
  one.join(clients[0])
  t.equal(one.streams(), 1)
  other.join(clients[1])
  other.join(clients[2])
  t.equal(one.streams(), 2)
  clients[1].end()
  t.equal(one.streams(), 2, 'one of two listeners has left')
  clients[2].end()
  t.equal(one.streams(), 1)
})
