import t from 'tap'
import { connectTo, listen } from '../../client.ts'
import { numberBytes, numbers } from '../../feeders.ts'
import { makeFifo, openWriter } from '../../fifos.ts'
import { startServer } from '../../streamserve.ts'
import { INTERVAL } from './icy.ts'

const SAMPLES = ['-pcm', 'cd', '-exec', ...numbers()]
const PATHS = ['/;', '/;stream.mp3', '/;?type=http&nocache=1', '/stream', '/stream.mp3', '/stream/1/', '//']
const BROWSER = 'Accept: text/html,application/xhtml+xml\r\n'

t.setTimeout(120_000)

t.test('serves the only stream at the paths that SHOUTcast players use', async (t) => {
  const server = await startServer(t, SAMPLES)
  for (const path of PATHS) t.match(await listen(t, server.port, path).headCame(), /200 OK[^]*audio\/wav/, path)
  t.match(await listen(t, server.port, '/;', BROWSER).headCame(), /audio\/wav/, 'in a browser too')
  const page = listen(t, server.port, '/stream', BROWSER)
  t.match(String(await page.closed), '<!doctype html>')
  for (const path of ['/stream2', '/streams', '/;'.repeat(2), '/a;', '///']) {
    const head = await listen(t, server.port, path).headCame()
    t.match(head, path.startsWith('/;') ? /200 OK/ : /404 Not Found/, path)
  }
})

t.test('does not use these paths where streams have names', async (t) => {
  const directory = t.testdir()
  const server = await startServer(t, ['-pcm', 'cd', '-path', directory])
  for (const path of PATHS) t.match(await listen(t, server.port, path).headCame(), /404 Not Found/, path)
  const writer = openWriter(t, makeFifo(directory, 'stream'))
  const sound = listen(t, server.port, '/stream')
  writer.write(numberBytes(0, 64))
  t.match(await sound.headCame(), /200 OK/, 'but for a stream of that name')
})

t.test('finds a stream by a name that the client has not encoded', async (t) => {
  const directory = t.testdir()
  const server = await startServer(t, ['-pcm', 'cd', '-path', directory])
  for (const name of ['café', 'Night Radio']) {
    const writer = openWriter(t, makeFifo(directory, name))
    const sound = connectTo(t, server.port, `GET /${name}#now HTTP/1.0\r\n\r\n`)
    writer.write(numberBytes(0, 64))
    t.match(await sound.headCame(), /200 OK/, name)
    const page = connectTo(t, server.port, `GET /player/${name}?x=100% HTTP/1.0\r\n\r\n`)
    t.match(String(await page.closed), `<h1>${name}</h1>`, 'and its page')
  }
})

t.test('sends titles to a player that asks for them twice', async (t) => {
  const server = await startServer(t, SAMPLES)
  const twice = 'Icy-MetaData: 1\r\nIcy-MetaData: 1\r\n'
  t.match(await listen(t, server.port, '/', twice).headCame(), `icy-metaint: ${INTERVAL}`)
  t.notMatch(await listen(t, server.port, '/', 'Icy-MetaData: 0, 0\r\n').headCame(), 'icy-metaint')
})
