import { join } from 'node:path'
import t, { type Test } from 'tap'
import { connectTo, listen } from '../client.ts'
import { AUTHORIZATION as A } from '../transport/publish/wire-server.ts'
import { openProgram } from './program-parts.ts'

const CONFIG = [
  '[/own]',
  'demo',
  '[/p/*]',
  'publish',
  'publish-password hackme',
  // The test ends when no stream is kept.
  'linger 1ms',
  'frame-filter raw',
  'frame-bytes 4',
]
const HOST = 'Host: x\r\n'
const SOUND_BYTES = 256 * 1024

/** Starts the program with a thread. @returns the ports of both */
async function open(t: Test, config = CONFIG) {
  const program = await openProgram(t, ['-config', join(t.testdir({ 'x.conf': config.join('\n') }), 'x.conf')])
  return { program, port: program.port, ofThread: (await program.start()).port }
}

t.test('publishes over a connection that a thread has accepted, in each form', async (t) => {
  const { port, ofThread } = await open(t)
  const sound = Buffer.from(Array.from({ length: SOUND_BYTES }, (_, at) => at))
  const heads = {
    '/p/source': `SOURCE /p/source HTTP/1.0\r\n${A}\r\n`,
    '/p/put': `PUT /p/put HTTP/1.1\r\n${HOST}Expect: 100-continue\r\n${A}\r\n`,
    '/p/line': 'hackme:/p/line\r\nicy-name: x\r\n\r\n',
  }
  for (const [path, head] of Object.entries(heads)) {
    const publisher = connectTo(t, ofThread, head)
    t.match(await publisher.headCame(), /^(?:HTTP\/1\.0 200 OK|HTTP\/1\.1 100 Continue|OK2\r\nicy-caps:11)$/)
    const listeners = [port, ofThread].map((one) => listen(t, one, `${path}?burst=0`))
    await Promise.all(listeners.map((listener) => listener.headCame()))
    publisher.socket.write(sound)
    for (const listener of listeners) {
      t.ok((await listener.bodyHas(SOUND_BYTES)).equals(sound), path)
    }
  }
})

t.test('responds to titles and to questions of publishers at a thread', async (t) => {
  const { program, ofThread } = await open(t)
  const publisher = connectTo(t, ofThread, `SOURCE /p/a HTTP/1.0\r\n${A}\r\n`)
  await publisher.headCame()
  const target = '/admin/metadata?mode=updinfo&mount=/p/a&song=Söng'
  const title = connectTo(t, ofThread, `GET ${target} HTTP/1.0\r\n${A}\r\n`)
  await title.closed
  t.match(title.head(), /^HTTP\/1\.0 200 /)
  publisher.socket.write('12345678')
  await program.logged(/title changed .*title=Söng/)
  const options = connectTo(t, ofThread, `OPTIONS * HTTP/1.1\r\n${HOST}\r\n`)
  await options.closed
  t.match(options.head(), /\r\nAllow: GET, HEAD, OPTIONS, PUT, SOURCE\r\n/)
  const wrong = connectTo(t, ofThread, 'wrong:/p/b\r\n')
  await wrong.closed
  t.equal(String(wrong.received()), 'invalid password\r\n')
})

t.test('refuses publishers at a thread when nothing can be published', async (t) => {
  const { ofThread } = await open(t, ['[/own]', 'demo'])
  const put = connectTo(t, ofThread, `PUT /own HTTP/1.1\r\n${HOST}${A}\r\n`)
  await put.closed
  t.match(put.head(), /^HTTP\/1\.1 405 [^]*\r\nAllow: GET, HEAD, OPTIONS(?:\r\n|$)/)
  const line = connectTo(t, ofThread, 'hackme\r\n\r\n')
  await line.closed
  t.match(line.head(), /^HTTP\/1\.1 400 /)
})
