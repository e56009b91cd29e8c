/** Relays of the whole program. */
import { mkdirSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import t from 'tap'
import { listen } from '../../client.ts'
import { configFiles } from '../../config/file/config-files.ts'
import { plainFrames } from '../../delivery/plain-mp3.ts'
import { statusAt } from '../../endpoints/status/status-watch.ts'
import { complaints, encode } from '../../filters/ogg/encoded-ogg.ts'
import { needs } from '../../programs.ts'
import { run, startServer } from '../../streamserve.ts'
import { ok, startUpstream } from './upstream.ts'

const SECRET = 'S3cr-Et.word'

t.test('logs and shows a relay without its password', async (t) => {
  const upstream = await startUpstream(t, (socket) => {
    socket.write(ok('Content-Type: audio/mpeg\r\n'))
    socket.write(Buffer.concat(plainFrames(100, 1)))
  })
  const address = `http://me:${SECRET}@127.0.0.1:${upstream.port}/x?key=${SECRET}`
  const server = await startServer(t, ['-debug', '-relay', 'http://127.0.0.1:1/', '-relay', address])
  await listen(t, server.port).bodyHas(1_000)
  const report = await statusAt(server.url)
  server.child.kill()
  await server.exited
  const shown = `http://me@127.0.0.1:${upstream.port}/x?key=***`
  t.equal(report.streams[0]?.source.label, `relay http://127.0.0.1:1/ ${shown}`)
  t.match(server.log(), new RegExp(`source opened .* url="${shown.replaceAll(/[?*]/g, '.')}`))
  for (const text of [server.log(), JSON.stringify(report)]) t.notMatch(text, SECRET)
  t.match(upstream.requests[0], `\r\nAuthorization: Basic ${Buffer.from(`me:${SECRET}`).toString('base64')}\r\n`)
})

t.test('lists a relay without its password with -check', async (t) => {
  const file = configFiles(t)(`[/night]\nrelay http://me:${SECRET}@radio.example/live\nrelay https://b.example/\n`)
  const { code, stdout, stderr } = await run(['-check', '-config', file])
  t.strictSame({ code, stderr }, { code: 0, stderr: '' })
  t.match(stdout, '/night  relay http://me@radio.example/live https://b....')
  t.notMatch(stdout, SECRET)
})

t.test('logs the reason when no address answers', async (t) => {
  const upstream = await startUpstream(t, (socket) => socket.end('HTTP/1.1 404 Not Found\r\n\r\n'))
  const server = await startServer(t, ['-relay', `${upstream.url}/gone`])
  listen(t, server.port)
  const line = await server.logged(/source closed/)
  t.match(line, `reason="${upstream.url}/gone: 404 Not Found"`)
})

t.test('the first listener gets the name of the upstream', async (t) => {
  const about = ['-name', 'Nachbar', '-genre', 'Jazz', '-description', 'Köln', '-url', 'https://radio.example/']
  const upstream = await startServer(t, ['-demo', ...about])
  const server = await startServer(t, ['-relay', upstream.url, '-genre', 'Own'])
  const head = await listen(t, server.port).headCame()
  t.match(head, /\r\nContent-Type: audio\/wav\r\n/)
  t.match(
    Buffer.from(head, 'latin1').toString(),
    /\r\nicy-name: Nachbar\r\nicy-description: Köln\r\nicy-genre: Own\r\nicy-url: https:\/\/radio\.example\/\r\n/,
  )
})

t.test('relays Ogg with its tags', { skip: needs('opusenc', 'ffmpeg', 'opusinfo') }, async (t) => {
  const folder = join(t.testdir(), 'music')
  mkdirSync(folder)
  writeFileSync(join(folder, '1.opus'), encode('opusenc', 2, '--title', 'Song', '--artist', 'One'))
  writeFileSync(join(folder, '2.opus'), encode('opusenc', 2, '--title', 'Next', '--artist', 'Two'))
  const upstream = await startServer(t, ['-play', folder])
  const server = await startServer(t, ['-relay', upstream.url])
  const listener = listen(t, server.port)
  const titles = await server.loggedTimes(/title changed stream=/, 3)
  t.strictSame(
    titles.map((line) => /title="?([^"]*)"?$/.exec(line)?.[1]),
    ['One - Song', 'Two - Next', 'One - Song'],
  )
  server.child.kill()
  t.equal(complaints(await listener.closed, 'ffmpeg', '-v', 'warning', '-f', 'ogg', '-i', '-', '-f', 'null', '-'), '')
})
