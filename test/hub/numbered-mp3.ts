import { spawn } from 'node:child_process'
import { once } from 'node:events'
import type { Test } from 'tap'
import { PLAIN_NODE } from '../streamserve.ts'

/** A frame of MPEG-1 Layer III, 128 kbit/s and 48 kHz: 384 bytes, 24 ms. It is silent, and its last bytes are a number. */
export const FRAME_BYTES = 384
export const FRAME_MS = 24
const HEADER = Buffer.from('fffb94c4', 'hex')

/**
 * A server whose response is frames with numbers in real time, the same for all clients: each gets the last second first, as a relay
 * of a station does.
 * Words after the script: the speed, 1 for real time.
 */
const SCRIPT = `
const { createServer } = require('node:http')
const speed = Number(process.argv[1])
const clients = new Set()
const recent = []
const startedAt = performance.now()
let number = 0
const frame = (n) => {
  const bytes = Buffer.alloc(${FRAME_BYTES})
  Buffer.from('${HEADER.toString('hex')}', 'hex').copy(bytes)
  bytes.writeUInt32BE(n, ${FRAME_BYTES - 4})
  return bytes
}
setInterval(() => {
  const due = Math.floor((performance.now() - startedAt) * speed / ${FRAME_MS})
  while (number < due) {
    const bytes = frame(number++)
    recent.push(bytes)
    if (recent.length > 42) recent.shift()
    for (const client of clients) client.write(bytes)
  }
}, 8)
const server = createServer((request, response) => {
  response.writeHead(200, { 'content-type': 'audio/mpeg' })
  response.write(Buffer.concat(recent))
  clients.add(response)
  response.on('close', () => clients.delete(response))
}).listen(0, '127.0.0.1', () => console.log(server.address().port))
`

/** Starts the server. It is ended with the test. @returns its URL, and its process */
export async function startNumbers(t: Pick<Test, 'teardown'>, speed = 1) {
  const [program, ...words] = PLAIN_NODE
  const child = spawn(program, [...words, '-e', SCRIPT, '--', String(speed)], { stdio: ['ignore', 'pipe', 'inherit'] })
  const exited = once(child, 'exit')
  t.teardown(async () => {
    child.kill('SIGKILL')
    await exited
  })
  const [line] = (await once(child.stdout, 'data')) as [Buffer]
  return { url: `http://127.0.0.1:${Number(line.toString())}/`, child }
}

/** Returns the numbers of whole frames. @throws when the bytes are no frames */
export function numbersOf(bytes: Buffer): number[] {
  return Array.from({ length: Math.floor(bytes.length / FRAME_BYTES) }, (_, at) => {
    const frame = bytes.subarray(at * FRAME_BYTES, (at + 1) * FRAME_BYTES)
    if (!frame.subarray(0, 4).equals(HEADER)) throw new Error(`no frame at byte ${at * FRAME_BYTES}`)
    return frame.readUInt32BE(FRAME_BYTES - 4)
  })
}
