import t from 'tap'
import { Delivery } from '../../src/delivery/delivery.ts'
import type { Sink, SinkOwner } from '../../src/delivery/listener.ts'
import { WriteMemory } from '../../src/delivery/write-memory.ts'
import type { Stream } from '../../src/stream/stream.ts'
import { createManualClock } from '../manual-clock.ts'
import { MemoryStream } from './memory-stream.ts'

const POLICY = { maxDelayMs: 0, burstMs: undefined, clientMaxBytes: 0, writeMemory: 1_000_000 }

/** A client that accepts every write. */
class Client implements Sink {
  owner: SinkOwner | undefined
  text = ''

  write(bytes: Buffer, before: Buffer): boolean {
    this.text += String(before) + String(bytes)
    return true
  }

  end(): void {
    this.owner?.gone('left')
  }

  refuse(): void {
    this.end()
  }
}

function deliveryOf(stream: MemoryStream): Delivery {
  return new Delivery(stream as unknown as Stream, POLICY, new WriteMemory(1_000_000), createManualClock())
}

t.test('frames are watched while there are listeners', async (t) => {
  const stream = new MemoryStream(64)
  const delivery = deliveryOf(stream)
  t.equal(stream.watching, 0)
  const [one, other] = [new Client(), new Client()]
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
  const first = new Client()
  delivery.join(first)
  stream.take([0])
  first.end()
  stream.take([0, 0, 0])
  const second = new Client()
  delivery.join(second)
  t.equal(second.text, '[header]{3}<3>')
  stream.take([0])
  t.equal(second.text, '[header]{3}<3><4>')
  t.equal(first.text, '[header]{0}<0>')
})

t.test('a stream that is over is not watched once its last listener has disconnected', async (t) => {
  const stream = new MemoryStream(64)
  const delivery = deliveryOf(stream)
  const client = new Client()
  delivery.join(client)
  stream.take([0, 0])
  stream.finish()
  await delivery.whenEmpty()
  t.equal(client.text, '[header]{0}<0><1>')
  t.equal(stream.watching, 0)
})
