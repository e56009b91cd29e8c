import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { existsSync, statSync } from 'node:fs'
import { connect } from 'node:net'
import { dirname } from 'node:path'
import t, { type Test } from 'tap'
import { openSideDoor, originLine } from '../../src/threads/side-door.ts'
import { originOf } from '../../src/transport/origin.ts'
import { keepLog } from '../kept-log.ts'
import { PLAIN_NODE } from '../streamserve.ts'

const ORIGIN = { address: '192.0.2.7', port: 5000, isSecure: true }
const log = keepLog()

/** Opens one that says of each connection whose it is, and then sends back what it brings. */
async function open(t: Test) {
  const door = await openSideDoor((socket) => {
    socket.write(`${JSON.stringify(originOf(socket))}\n`)
    socket.pipe(socket)
  }, log.logger)
  t.teardown(() => door.close())
  return door
}

/** @returns what is said to a connection that brings this, until it is closed */
async function answerTo(path: string, ...pieces: readonly string[]): Promise<string> {
  const socket = connect(path)
  for (const piece of pieces) socket.write(piece)
  socket.end()
  let text = ''
  for await (const chunk of socket) text += String(chunk)
  return text
}

t.test('a connection that is brought is whose the line says, and begins behind it', async (t) => {
  const { path } = await open(t)
  const line = originLine(ORIGIN)
  for (const pieces of [[line, 'GET /'], [`${line}GET /`], [line.slice(0, 20), line.slice(20), 'GET', ' /']]) {
    t.equal(await answerTo(path, ...pieces), `${line}GET /`)
  }
})

t.test('what brings no such line is ended', async (t) => {
  const { path } = await open(t)
  t.equal(await answerTo(path, 'x'.repeat(200)), '')
  t.equal(await answerTo(path, 'x'.repeat(255), 'xxxxxx'), '')
  t.equal(await answerTo(path, 'GET / HTTP/1.1\r\n'), '')
})

t.test('nobody else may enter its directory, and it goes with the program', async (t) => {
  const { path } = await open(t)
  t.equal((statSync(dirname(path)).mode & 0o777).toString(8), '700')
  const script = `
    const { openSideDoor } = await import(${JSON.stringify(new URL('../../src/threads/side-door.js', import.meta.url))})
    console.log((await openSideDoor(() => {})).path)
    process.stdin.resume().once('end', () => process.exit())`
  const [env, ...node] = PLAIN_NODE
  const child = spawn(env, [...node, '--input-type=module', '-e', script], { stdio: ['pipe', 'pipe', 'inherit'] })
  const [output] = await once(child.stdout, 'data')
  const directory = dirname(String(output))
  t.ok(existsSync(directory))
  child.stdin.end()
  await once(child, 'close')
  t.notOk(existsSync(directory))
})
