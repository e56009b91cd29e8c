import { connect, type Socket } from 'node:net'
import type { Test } from 'tap'
import { retryPause } from '../../src/web/shared/retry-pause.ts'

/** Many listeners of one address, each of which connects again as the player does. */
export interface Crowd {
  /** Listeners that have received sound since they connected last. */
  hearing(): number
  /** Resolves when all of them have. */
  allHear(): Promise<void>
  /** Resolves when one of them has lost its connection. */
  lost(): Promise<void>
}

/** Bytes of a response above which there is sound in it. */
const HEAD_BYTES = 2_000

/** Connects a crowd. It is disconnected with the test. */
export function gather(t: Test, port: number, path: string, size: number): Crowd {
  const request = `GET ${path} HTTP/1.1\r\nHost: localhost\r\n\r\n`
  const sockets = new Set<Socket>()
  const timers = new Set<NodeJS.Timeout>()
  let [hearing, isOver] = [0, false]
  const watchers = new Set<() => void>()
  const changed = () => {
    for (const look of watchers) look()
  }
  const join = (losses: number) => {
    const socket = connect({ port, host: '127.0.0.1' }, () => socket.write(request))
    sockets.add(socket)
    let bytes = 0
    socket.on('data', (chunk: Buffer) => {
      const before = bytes
      bytes += chunk.length
      if (before >= HEAD_BYTES || bytes < HEAD_BYTES) return
      hearing++
      changed()
    })
    socket.on('error', () => {})
    socket.on('close', () => {
      sockets.delete(socket)
      const heard = bytes >= HEAD_BYTES
      if (heard) hearing--
      if (isOver) return
      changed()
      const timer = setTimeout(
        () => {
          timers.delete(timer)
          join(heard ? 1 : losses + 1)
        },
        retryPause(heard ? 0 : losses, Math.random()),
      )
      timers.add(timer)
    })
  }
  for (let i = 0; i < size; i++) join(0)
  t.teardown(() => {
    isOver = true
    for (const timer of timers) clearTimeout(timer)
    for (const socket of sockets) socket.destroy()
  })
  const until = (is: () => boolean) =>
    new Promise<void>((resolve) => {
      const look = () => {
        if (!is()) return
        watchers.delete(look)
        resolve()
      }
      watchers.add(look)
      look()
    })
  return {
    hearing: () => hearing,
    allHear: () => until(() => hearing === size),
    lost: () => until(() => hearing < size),
  }
}
