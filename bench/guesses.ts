/** A client that guesses passwords, all of them wrong. */

import { connect } from 'node:net'
import { setTimeout as sleep } from 'node:timers/promises'

/** Time between two moments at which it connects, in milliseconds. */
const EVERY_MS = 5

/** Sends guesses, each over a connection of its own, until the time is over. @returns their number */
export async function guess(port: number, perSecond: number, seconds: number): Promise<number> {
  const started = performance.now()
  let sent = 0
  for (let elapsed = 0; elapsed < seconds; elapsed = (performance.now() - started) / 1000) {
    for (; sent < elapsed * perSecond; sent++) guessOnce(port, `guess ${sent}`)
    await sleep(EVERY_MS)
  }
  return sent
}

function guessOnce(port: number, password: string): void {
  const socket = connect(port, '127.0.0.1')
  socket.on('error', () => {})
  socket.resume()
  socket.write(`GET / HTTP/1.0\r\nAuthorization: Basic ${btoa(`user0:${password}`)}\r\n\r\n`)
}

/** Logs in from another address. @returns milliseconds until the response; undefined: it was refused */
export function logIn(port: number, user: string, password: string): Promise<number | undefined> {
  return new Promise((resolve) => {
    const started = performance.now()
    const socket = connect({ port, host: '127.0.0.1', localAddress: '127.0.0.2' })
    socket.on('error', () => resolve(undefined))
    socket.once('data', (bytes) => {
      socket.destroy()
      resolve(String(bytes).startsWith('HTTP/1.0 200') ? performance.now() - started : undefined)
    })
    socket.write(`GET / HTTP/1.0\r\nAuthorization: Basic ${btoa(`${user}:${password}`)}\r\n\r\n`)
  })
}
