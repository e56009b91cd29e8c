import t from 'tap'
import { Delivery } from '../../src/delivery/delivery.ts'
import { WriteMemory } from '../../src/delivery/write-memory.ts'
import type { Stream } from '../../src/stream/stream.ts'
import { createManualClock } from '../manual-clock.ts'
import { MemoryClient } from './memory-client.ts'
import { MemoryStream } from './memory-stream.ts'

/** A client that can be moved, and accepts writes as long as it is not busy. */
class MovingClient extends MemoryClient {
  isBusy = false
  readonly followed: unknown[] = []

  override write(bytes: Buffer, before: Buffer): boolean {
    super.write(bytes, before)
    return !this.isBusy
  }

  follow(stream: unknown): void {
    this.followed.push(stream)
  }
}

function open() {
  const memory = new WriteMemory(1_000_000)
  const clock = createManualClock()
  const make = () => {
    const stream = new MemoryStream(16)
    return { stream, delivery: new Delivery(stream as unknown as Stream, memory, clock) }
  }
  return { from: make(), to: make() }
}

t.test('goes on at the newest frame of the other stream, as a listener that joins', async (t) => {
  const { from, to } = open()
  const [client, other] = [new MovingClient(), new MemoryClient()]
  to.delivery.join(other)
  const listener = from.delivery.join(client)
  from.stream.take([1])
  to.stream.take([2, 2, 2, 2])
  t.ok(from.delivery.move(listener, to.delivery))
  t.strictSame([from.stream.listeners, to.stream.listeners], [0, 2])
  t.strictSame([from.stream.watching, to.stream.watching], [0, 1])
  from.stream.take([1])
  to.stream.take([2])
  t.equal(client.text, '[header]{0}<0.>[header]{3}<3..><4..>')
  t.strictSame(client.followed, [to.stream])
  client.end()
  t.strictSame([from.stream.listeners, to.stream.listeners], [0, 1])
})

t.test('writes nothing to a listener that was moved before its last write is accepted', async (t) => {
  const { from, to } = open()
  const client = new MovingClient()
  const listener = from.delivery.join(client)
  client.isBusy = true
  from.stream.take([1])
  to.stream.take([2])
  t.ok(from.delivery.move(listener, to.delivery))
  to.stream.take([2])
  t.equal(client.text, '[header]{0}<0.>')
  client.isBusy = false
  client.owner?.drained()
  to.stream.take([2])
  t.match(client.text, /^\[header\]\{0\}<0\.>\[header\]\{\d\}<.*<1\.\.>/)
})

t.test('leaves a listener where it is that is ending, or whose sink cannot follow', async (t) => {
  const { from, to } = open()
  const [plain, ending] = [new MemoryClient(), new MovingClient()]
  t.notOk(from.delivery.move(from.delivery.join(plain), to.delivery))
  const listener = from.delivery.join(ending)
  from.delivery.end(listener, 'banned')
  t.notOk(from.delivery.move(listener, to.delivery))
  t.strictSame([from.stream.listeners, to.stream.listeners], [1, 0])
})
