import { createServer } from 'node:net'
import type { Test } from 'tap'

const HEAD = 'HTTP/1.0 200 OK\r\n\r\n'

/**
 * Sends some writes to each client that sends a request, and keeps the connection open.
 * @param writesFor returns the writes for the listener with this number.
 * @returns its port.
 */
export async function startSender(t: Test, writesFor: (listener: number) => readonly Buffer[]): Promise<number> {
  let listeners = 0
  const server = createServer((socket) => {
    t.teardown(() => socket.destroy())
    socket.on('error', () => socket.destroy())
    socket.setNoDelay(true)
    socket.once('data', () => {
      for (const bytes of [Buffer.from(HEAD), ...writesFor(listeners++)]) socket.write(bytes)
    })
  })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  t.teardown(() => server.close())
  const address = server.address()
  return typeof address === 'object' ? (address?.port ?? 0) : 0
}
