import { once } from 'node:events'
import type { Socket } from 'node:net'
import t from 'tap'
import { systemClock } from '../../src/system/clock.ts'
import { createFrontDoor } from '../../src/transport/front-door.ts'
import { addressOf, bind } from '../../src/transport/listening.ts'
import { connectTo } from '../client.ts'
import { keepLog } from '../kept-log.ts'

t.test('breaks all connections when an error breaks one of them at the same time', async (t) => {
  const reception = { timeoutMs: 5_000, secure: undefined, handle() {} }
  const door = createFrontDoor(reception, () => {}, systemClock, keepLog().logger)
  await bind(door.server, { host: '127.0.0.1', port: 0 })
  const connected = once(door.server, 'connection')
  const { closed } = connectTo(t, addressOf(door.server).port, '')
  const [socket] = (await connected) as [Socket]
  door.shut()
  socket.destroy(new Error('reset by the client'))
  await t.resolves(door.breakAll())
  await closed
})
