import type { Socket } from 'node:net'
import { setImmediate as nextTurn } from 'node:timers/promises'
import t from 'tap'
import { createCloseQueue } from '../../src/transport/close-queue.ts'

const MANY = 1_000

/** Sockets with only the methods that a way-out uses. */
function makeClients(size: number) {
  const closed: number[] = []
  const sockets = Array.from({ length: size }, (_, i) => ({ destroy: () => closed.push(i) }) as unknown as Socket)
  return { closed, sockets }
}

t.test('closes listeners that disconnect at once in order, and serves the others in between', async (t) => {
  const { closed, sockets } = makeClients(MANY)
  const closeQueue = createCloseQueue()
  for (const socket of sockets) closeQueue(socket)
  t.equal(closed.length, 0)
  let turns = 0
  while (closed.length < MANY) {
    const before = closed.length
    await nextTurn()
    turns++
    t.ok(closed.length - before < MANY / 4, 'no turn closes many')
  }
  t.ok(turns > 4)
  t.same(
    closed,
    sockets.map((_, i) => i),
  )
})

t.test('closes a listener that disconnects while others are being closed', async (t) => {
  const { closed, sockets } = makeClients(3)
  const closeQueue = createCloseQueue()
  for (const socket of sockets) {
    closeQueue(socket)
    await nextTurn()
  }
  await nextTurn()
  t.same(closed, [0, 1, 2])
})
