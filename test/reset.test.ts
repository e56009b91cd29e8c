import { once } from 'node:events'
import { type AddressInfo, connect, createServer, type Socket } from 'node:net'
import t from 'tap'
import { reset } from './reset.ts'

t.test('a connection that is reset while it ends does not keep the process', async (t) => {
  const server = createServer({ allowHalfOpen: true }).listen(0, '127.0.0.1')
  await once(server, 'listening')
  const client = connect((server.address() as AddressInfo).port, '127.0.0.1')
  const [socket] = (await once(server, 'connection')) as [Socket]
  socket.end('x')
  reset(socket)
  client.destroy()
  await Promise.all([socket, client, server.close()].map((it) => once(it, 'close')))
  t.notOk(process.getActiveResourcesInfo().includes('TCPSocketWrap'))
})
