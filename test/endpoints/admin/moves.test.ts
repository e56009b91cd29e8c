import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import t, { type Test } from 'tap'
import { connectTo, listen } from '../../client.ts'
import { decodeFile } from '../../decode/decode.ts'
import { ffmpegMp3, mpg123 } from '../../decode/decoders.ts'
import { needs, runProgram } from '../../programs.ts'
import { startServer } from '../../streamserve.ts'
import { ask, idsIn, PASSWORD, textOf } from './admin-client.ts'

const MOVE = 'moveclients?mount=/a.mp3&destination=/b.mp3'
const TITLED = 'GET /a.mp3 HTTP/1.1\r\nHost: a\r\nIcy-MetaData: 1\r\n\r\n'
/** Bytes between two blocks of titles. */
const INTERVAL = 16_000

/** Makes MP3 whose frames use the bit reservoir. */
function mp3(folder: string, name: string, hertz: number, rate = 44_100): string {
  const sound = ['synth', '12', 'sine', `${hertz}`, 'tremolo', '3', '90']
  const wav = runProgram('sox', [
    '-q',
    '-n',
    '-r',
    `${rate}`,
    '-c',
    '2',
    '-b',
    '16',
    '-t',
    'wav',
    '-',
    ...sound,
    'gain',
    '-6',
  ])
  const file = join(folder, name)
  writeFileSync(file, runProgram('lame', ['--quiet', '-b', '128', '--tt', `title of ${name}`, '-', '-'], wav))
  return file
}

/** Starts a server of two stations, `/a.mp3` and `/b.mp3`, and of one with another rate, `/c.mp3`. */
async function start(t: Test) {
  const folder = t.testdir()
  const files = [mp3(folder, 'a', 440), mp3(folder, 'b', 880), mp3(folder, 'c', 660, 48_000)]
  const [a, b, c] = files
  const config = `[/a.mp3]\nplay ${a}\nloop\nwarm\n[/b.mp3]\nplay ${b}\nloop\nwarm\n[/c.mp3]\nplay ${c}\nloop\nwarm\n[/wav]\ndemo\nwarm\n`
  writeFileSync(join(folder, 'x.conf'), config)
  const server = await startServer(t, ['-config', join(folder, 'x.conf'), '-admin-password', PASSWORD])
  await server.loggedTimes(/format found/, 3)
  return { server, folder }
}

const programs = needs('sox', 'lame', 'ffmpeg', 'mpg123')

t.test('moves a listener in MP3 within its connection, and no decoder complains', { skip: programs }, async (t) => {
  const { server, folder } = await start(t)
  const listener = listen(t, server.port, '/a.mp3')
  const plain = listen(t, server.port, '/b.mp3')
  await listener.bodyHas(48_000)
  t.match(
    await textOf(ask(server.url, MOVE)),
    '<message>Clients moved from /a.mp3 to /b.mp3</message><return>1</return>',
  )
  await server.logged(/listener disconnected stream=\/a\.mp3 .*reason="moved to another stream"/)
  await listener.bodyHas(listener.body().length + 64_000)
  const stats = await textOf(ask(server.url, 'stats.json'))
  const [, { source }] = JSON.parse(stats) as [unknown, { source: Record<string, { listeners: number }> }]
  t.equal(source['/a.mp3']?.listeners, 0)
  t.equal(source['/b.mp3']?.listeners, 2)
  const list = await textOf(ask(server.url, 'listclients?mount=/b.mp3'))
  const ids = idsIn(list)
  t.equal(ids.length, 2)
  for (const id of ids) await textOf(ask(server.url, `killclient?mount=/b.mp3&id=${id}`))
  const [body, other] = await Promise.all([listener.closed, plain.closed])
  const file = join(folder, 'moved.mp3')
  writeFileSync(file, body)
  for (const decoder of [ffmpegMp3, mpg123]) t.strictSame((await decodeFile(decoder, file)).complaints, [])
  t.equal(body.indexOf(other.subarray(-1_000)) >= 0, true, 'it has the frames of the other stream')
})

t.test('shows the titles of the other stream to a listener that was moved', { skip: programs }, async (t) => {
  const { server } = await start(t)
  const listener = connectTo(t, server.port, TITLED)
  await listener.bodyHas(3 * INTERVAL)
  await textOf(ask(server.url, MOVE))
  await listener.bodyHas(listener.body().length + 3 * INTERVAL)
  const text = listener.body().toString('latin1')
  t.match(text, "StreamTitle='title of a';")
  t.ok(text.indexOf("StreamTitle='title of b';") > text.indexOf("StreamTitle='title of a';"))
})

t.test('moves one listener by its id, and refuses what does not fit', { skip: programs }, async (t) => {
  const { server } = await start(t)
  const listeners = [listen(t, server.port, '/a.mp3'), listen(t, server.port, '/a.mp3')]
  for (const listener of listeners) await listener.bodyHas(1_000)
  const [first = ''] = idsIn(await textOf(ask(server.url, 'listclients?mount=/a.mp3')))
  await textOf(ask(server.url, `${MOVE}&id=${first}`))
  t.strictSame(idsIn(await textOf(ask(server.url, 'listclients?mount=/b.mp3'))), [first])
  t.equal(idsIn(await textOf(ask(server.url, 'listclients?mount=/a.mp3'))).length, 1)
  t.match(await textOf(ask(server.url, `${MOVE}&id=${first}`)), `<message>Client ${first} not found</message>`)
  const to = (destination: string) =>
    textOf(ask(server.url, `moveclients?mount=/a.mp3&destination=${destination}`), 400)
  t.match(await to('/c.mp3'), /48000 Hz.* cannot follow .*44100 Hz/)
  t.match(await to('/wav'), /cannot follow/)
  t.match(await to('/nope'), 'No such destination')
  t.match(await to('/a.mp3'), 'supplied mountpoints are identical')
  const choices = await textOf(ask(server.url, 'moveclients?mount=/a.mp3'))
  t.match(choices, '<icestats><current_source>/a.mp3</current_source><source mount="/b.mp3">')
})
