import { once } from 'node:events'
import { readFileSync } from 'node:fs'
import { connect } from 'node:net'
import t from 'tap'
import { startServer } from '../streamserve.ts'

const MIB = 1024 * 1024

/** Anonymous memory of a process, in bytes (proc(5), RssAnon). */
function memoryOf(pid: number): number {
  const [, kilobytes] = /^RssAnon:\s+(\d+) kB/m.exec(readFileSync(`/proc/${pid}/status`, 'latin1')) ?? []
  return Number(kilobytes) * 1024
}

t.test('keeps its memory when raw bytes arrive as fast as the pipe carries them', async (t) => {
  const server = await startServer(t, ['-buffer-memory', `${16 * MIB}`, '-exec', 'cat', '/dev/zero'])
  const listener = connect(server.port, '127.0.0.1')
  await once(listener, 'connect')
  listener.write('GET / HTTP/1.1\r\nHost: box\r\n\r\n')
  let bytes = 0
  let most = 0
  while (bytes < 512 * MIB) {
    const [chunk] = (await once(listener, 'data')) as [Buffer]
    bytes += chunk.length
    most = Math.max(most, memoryOf(server.child.pid ?? 0))
  }
  listener.destroy()
  t.ok(most < 200 * MIB, `${(most / MIB).toFixed(0)} MiB`)
})
