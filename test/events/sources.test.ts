import { mkdtempSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import t from 'tap'
import { listen } from '../client.ts'
import { readFeed } from '../endpoints/status/feed-reader.ts'
import { makeFifo, openWriter } from '../fifos.ts'
import { startServer } from '../streamserve.ts'

function folder(): string {
  return mkdtempSync(join(tmpdir(), 'streamserve-'))
}

/** A WAV file of samples at 8 kHz. */
function wavOf(ms: number): Buffer {
  const bytes = Buffer.alloc(16 * ms, 1)
  const head = Buffer.alloc(44)
  head.write('RIFF')
  head.writeUInt32LE(36 + bytes.length, 4)
  head.write('WAVEfmt ', 8)
  for (const [at, value] of [
    [16, 16],
    [24, 8_000],
    [28, 16_000],
    [40, bytes.length],
  ] as const) {
    head.writeUInt32LE(value, at)
  }
  for (const [at, value] of [
    [20, 1],
    [22, 1],
    [32, 2],
    [34, 16],
  ] as const) {
    head.writeUInt16LE(value, at)
  }
  head.write('data', 36)
  return Buffer.concat([head, bytes])
}

t.test('a list of files is on the air from the first file to the last', async (t) => {
  const directory = folder()
  const files = ['one.wav', 'two.wav', 'three.wav'].map((name) => join(directory, name))
  for (const file of files) writeFileSync(file, wavOf(300))
  const lines = ['[/list]', `play ${files.join(' ')}`, 'loop false', '[/other]', 'demo']
  const file = join(directory, 'trial.conf')
  writeFileSync(file, lines.join('\n'))
  const server = await startServer(t, ['-config', file])
  const feed = await readFeed(t, server.url, '?stream=/list')
  listen(t, server.port, '/list')
  const { data } = await feed.receives('source-down')
  t.match(data, { reason: 'end of input' })
  t.equal(server.count(/source opened .*wav/), 3)
  t.equal(feed.events.filter(({ name }) => /source/.test(name)).length, 2)
})

t.test('a source is down while its fallback plays', async (t) => {
  const directory = folder()
  const fifo = makeFifo(directory)
  const fallback = join(directory, 'jingle.wav')
  writeFileSync(fallback, wavOf(2_000))
  const file = join(directory, 'trial.conf')
  writeFileSync(file, ['[/a]', `path ${fifo}`, `fallback ${fallback}`, 'fallback-after 200ms'].join('\n'))
  const server = await startServer(t, ['-config', file])
  const feed = await readFeed(t, server.url)
  listen(t, server.port, '/a')
  // The title is that of the fallback, which is on the air then.
  t.match((await feed.receives('title')).data, { title: 'jingle' })
  t.strictSame(
    feed.events.map(({ name }) => name),
    ['listen', 'first-listener', 'title'],
  )
  const writer = openWriter(t, fifo)
  writer.write(wavOf(10_000))
  t.match((await feed.receives('source-up')).data, { source: fifo })
  await writer.end()
  t.match((await feed.receives('source-down')).data, { reason: 'end of input' })
})

t.test('silence and its end are reported', async (t) => {
  const quiet = `head -c 64000 /dev/zero; yes | head -c 64000; exec sleep 600`
  const flags = ['-pcm', 's16le:8000:1', '-source-bandwidth', '16000', '-silence-after', '1s']
  const server = await startServer(t, [...flags, '-exec', quiet])
  const feed = await readFeed(t, server.url)
  listen(t, server.port)
  t.match((await feed.receives('silence')).data, { stream: '/', level: -144, seconds: Number })
  t.match((await feed.receives('sound')).data, { seconds: Number })
})
