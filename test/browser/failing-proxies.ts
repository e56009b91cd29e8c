import { once } from 'node:events'
import { type AddressInfo, connect, createServer, type Socket } from 'node:net'
import type { Test } from 'tap'

/** Starts a proxy for a loopback port that cuts each connection after a time, as some networks do. It ends with the test. */
export function startCuttingProxy(t: Test, port: number, afterMs: number): Promise<string> {
  return startProxy(t, port, (near, far) => {
    const timer = setTimeout(() => near.destroy(), afterMs)
    near.on('close', () => clearTimeout(timer))
    far.pipe(near)
  })
}

/** Starts a proxy for a loopback port that passes a response on when it is complete. It ends with the test. */
export function startCollectingProxy(t: Test, port: number): Promise<string> {
  return startProxy(t, port, (near, far) => {
    const collected: Buffer[] = []
    far.on('data', (bytes: Buffer) => collected.push(bytes))
    far.on('end', () => near.end(Buffer.concat(collected)))
  })
}

async function startProxy(t: Test, port: number, pass: (near: Socket, far: Socket) => void): Promise<string> {
  const sockets = new Set<Socket>()
  const server = createServer((near) => {
    const far = connect({ port, host: '127.0.0.1' })
    for (const socket of [near, far]) {
      sockets.add(socket)
      socket.on('error', () => {}).on('close', () => sockets.delete(socket))
    }
    near.pipe(far)
    pass(near, far)
    near.on('close', () => far.destroy())
    far.on('error', () => near.destroy())
  })
  server.listen(0, '127.0.0.1')
  await once(server, 'listening')
  t.teardown(() => {
    for (const socket of sockets) socket.destroy()
    server.close()
  })
  return `http://127.0.0.1:${(server.address() as AddressInfo).port}`
}
