import { once } from 'node:events'
import { createServer, type ServerResponse } from 'node:http'
import { type AddressInfo, connect } from 'node:net'
import t from 'tap'
import { sendEvents } from '../../../src/endpoints/status/status-events.ts'
import { StatusSubscribers } from '../../../src/status/status-subscribers.ts'
import { createManualClock } from '../../manual-clock.ts'
import { until } from '../../processes.ts'
import { reportOf, streamOf } from '../../status/reports.ts'

const MESSAGE_BYTES = 8 * 1024 * 1024

t.test('keeps nothing for a client that reads nothing, and disconnects it in the end', async (t) => {
  const clock = createManualClock(0)
  const report = reportOf([streamOf('/', { title: 'x'.repeat(MESSAGE_BYTES) })])
  const lookers = new StatusSubscribers({ report: async () => report, pulse: () => '' }, clock)
  const server = createServer((_, response) => sendEvents(lookers, '', response))
  server.listen(0, '127.0.0.1')
  await once(server, 'listening')
  const socket = connect((server.address() as AddressInfo).port, '127.0.0.1')
  t.teardown(() => {
    socket.destroy()
    server.close()
  })
  socket.pause()
  socket.on('error', () => {})
  socket.write('GET / HTTP/1.1\r\nHost: a\r\n\r\n')
  const [, response] = (await once(server, 'request')) as [unknown, ServerResponse]
  await until('the first message waits', () => response.writableLength > 0)
  for (let second = 0; second < 10; second++) {
    await clock.advance(1_000)
    t.ok(response.writableLength < 2 * MESSAGE_BYTES, `after ${second} s`)
    t.notOk(response.destroyed)
  }
  await clock.advance(2_000)
  t.ok(response.destroyed)
})
