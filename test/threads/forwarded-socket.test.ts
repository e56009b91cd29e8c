import { once } from 'node:events'
import { setImmediate as turn } from 'node:timers/promises'
import { MessageChannel } from 'node:worker_threads'
import { array, assert, asyncProperty, uint8Array } from 'fast-check'
import t, { type Test } from 'tap'
import type { ForwardedSocket } from '../../src/threads/forwarded-socket.ts'
import { createForwardedSockets } from '../../src/threads/forwarded-sockets.ts'
import type { ForwardedMessage } from '../../src/threads/messages.ts'

/** Both ends of forwarded connections, with messages between them as between threads. */
function openWay(t: Test) {
  const { port1, port2 } = new MessageChannel()
  const [here, there] = [port1, port2].map((port) => {
    const sockets = createForwardedSockets((message, memory) => port.postMessage(message, memory))
    port.on('message', (message: ForwardedMessage) => sockets.take(message))
    return sockets
  })
  t.teardown(() => port1.close())
  if (here === undefined || there === undefined) throw new Error('there are two ends')
  let id = 0
  return {
    there,
    open(): [ForwardedSocket, ForwardedSocket] {
      id++
      return [here.open(id), there.open(id)]
    },
  }
}

/** @returns all that an end receives; unlike an iterator, it does not close it */
async function textFrom(end: ForwardedSocket): Promise<string> {
  let text = ''
  end.on('data', (chunk) => {
    text += String(chunk)
  })
  end.resume()
  await once(end, 'end')
  return text
}

t.test('carries any bytes, in any chunks, to the other end', async (t) => {
  const way = openWay(t)
  const chunks = array(uint8Array({ maxLength: 3_000 }), { maxLength: 60 })
  await assert(
    asyncProperty(chunks, chunks, async (...both) => {
      const ends = way.open()
      const received = ends.map((end) => end.toArray() as Promise<Buffer[]>)
      ends.forEach((end, at) => {
        for (const chunk of both[at] ?? []) end.write(Buffer.from(chunk))
        end.end()
      })
      const [atFirst = [], atSecond = []] = await Promise.all(received)
      t.ok(Buffer.concat(atSecond).equals(Buffer.concat(both[0])))
      t.ok(Buffer.concat(atFirst).equals(Buffer.concat(both[1])))
    }),
    { numRuns: 50 },
  )
})

t.test('does not change the memory of written chunks', async (t) => {
  const [near, far] = openWay(t).open()
  const bytes = Buffer.from(new Uint8Array([1, 2, 3]).buffer)
  near.write(bytes)
  const [received] = (await once(far, 'data')) as [Buffer]
  t.strictSame([...received], [1, 2, 3])
  t.strictSame([...bytes], [1, 2, 3])
})

t.test('delays writes while the other end reads nothing', async (t) => {
  const [near, far] = openWay(t).open()
  const chunk = Buffer.alloc(10_000)
  let written = 0
  for (let i = 0; i < 100; i++) near.write(chunk, () => void (written += chunk.length))
  for (let i = 0; i < 10; i++) await turn()
  t.ok(written <= 70_000, `${written} bytes are on their way`)
  t.ok(near.writableLength > 0)
  far.resume()
  await once(near, 'drain')
  t.equal(written, 100 * chunk.length)
})

t.test('keeps the other direction open when one has ended', async (t) => {
  const [near, far] = openWay(t).open()
  near.end('a question')
  t.equal(await textFrom(far), 'a question')
  far.end('an answer')
  t.equal(await textFrom(near), 'an answer')
})

t.test('reads bytes that were sent before the sender closed', async (t) => {
  const [near, far] = openWay(t).open()
  far.pause()
  near.write('a farewell')
  near.destroySoon()
  await once(near, 'close')
  for (let i = 0; i < 3; i++) await turn()
  t.equal(await textFrom(far), 'a farewell')
  if (!far.destroyed) await once(far, 'close')
})

t.test('closes with the other end, and with its thread', async (t) => {
  const way = openWay(t)
  const [near, far] = way.open()
  far.pause()
  near.write('more')
  near.destroy()
  await once(far, 'close')
  const [, last] = way.open()
  way.there.closeAll()
  t.ok(last.destroyed)
})

t.test('times out without reads and writes', async (t) => {
  const [near, far] = openWay(t).open()
  far.setTimeout(200)
  const timedOut = once(far, 'timeout').then(() => Date.now())
  const began = Date.now()
  far.resume()
  for (let i = 0; i < 10; i++) {
    const from = i < 5 ? near : far
    from.write('.')
    await new Promise((resolve) => setTimeout(resolve, 100))
  }
  t.ok((await timedOut) - began >= 1_000)
})
