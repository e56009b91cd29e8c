import { once } from 'node:events'
import { type AddressInfo, connect, createServer, type Socket } from 'node:net'
import type { Test } from 'tap'

/** Starts a proxy for a loopback port that cuts each connection after a time, as some networks do. It ends with the test. */
export async function startCuttingProxy(t: Test, port: number, afterMs: number): Promise<string> {
  const sockets = new Set<Socket>()
  const server = createServer((near) => {
    const far = connect({ port, host: '127.0.0.1' })
    const timer = setTimeout(() => near.destroy(), afterMs)
    for (const socket of [near, far]) {
      sockets.add(socket)
      socket.on('error', () => {}).on('close', () => sockets.delete(socket))
    }
    near.pipe(far).pipe(near)
    far.on('close', () => near.destroy())
    near.on('close', () => {
      clearTimeout(timer)
      far.destroy()
    })
  })
  server.listen(0, '127.0.0.1')
  await once(server, 'listening')
  t.teardown(() => {
    for (const socket of sockets) socket.destroy()
    server.close()
  })
  return `http://127.0.0.1:${(server.address() as AddressInfo).port}`
}
