import { createHmac } from 'node:crypto'
import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import t, { type Test } from 'tap'
import { listen } from '../../client.ts'
import { music } from '../../filters/encoded.ts'
import { needs, runProgram } from '../../programs.ts'
import { type Server, startServer } from '../../streamserve.ts'
import { type Clip, clipOf } from './clip-client.ts'

const KEY = 'a-secret-of-some-length'
/** Position of the samples of a file of `cd` samples, in bytes. */
const HEAD = 80
/** Bytes of a second of the demo: mono, or stereo in 16 bits. */
const RATE_AT = HEAD - 8 - 16 + 4

/** Starts a server whose listener has heard some seconds of the demo, in real time. */
async function demoOf(t: Test, seconds: number): Promise<Server> {
  const server = await startServer(t, ['-demo'])
  const listener = listen(t, server.port)
  await listener.bodyHas(1)
  const { bytes } = await clipOf(server, 'for=1s')
  await listener.bodyHas(seconds * bytes.readUInt32LE(RATE_AT + 4))
  return server
}

t.test('a clip is a file with a length, a name and a type', async (t) => {
  const server = await demoOf(t, 1)
  const { answer, bytes } = await clipOf(server, 'for=1h')
  t.equal(answer.status, 200)
  t.equal(answer.headers.get('content-type'), 'audio/wav')
  t.equal(answer.headers.get('content-length'), String(bytes.length))
  const name = /^attachment; filename="stream_([-0-9T]+Z)\.wav"; filename\*=UTF-8''stream%20\1\.wav$/
  t.match(answer.headers.get('content-disposition'), name)
  t.equal(bytes.readUInt32LE(HEAD - 4), bytes.length - HEAD, 'its header is complete')
  const head = await fetch(`${server.url}/clip/?for=500ms`, { method: 'HEAD' })
  t.ok(Number(head.headers.get('content-length')) > HEAD)
  t.equal((await head.arrayBuffer()).byteLength, 0)
})

t.test('a clip from the past ends where it is to end, or at what has been heard', async (t) => {
  const server = await demoOf(t, 4)
  const all = await clipOf(server, 'for=1h')
  const perMs = all.bytes.readUInt32LE(RATE_AT + 4) / 1000
  const lasts = (clip: Clip) => (clip.bytes.length - HEAD) / perMs
  // On a busy machine there are gaps.
  const gaps = (whole: Clip) => Math.max(0, whole.to - whole.from - lasts(whole))
  const close = (clip: Clip, ms: number, whole: Clip) => Math.abs(lasts(clip) - ms) < 15 + gaps(whole)
  const iso = (ms: number) => new Date(all.to - ms).toISOString()
  const middle = await clipOf(server, `from=${iso(3000)}&for=2s`)
  t.ok(close(middle, 2000, all))
  t.ok(all.bytes.includes(middle.bytes.subarray(HEAD)))
  const rest = await clipOf(server, `from=${iso(3000)}&for=10h`)
  t.ok(rest.to < Date.now() + 2, 'not beyond the newest')
  t.ok(rest.bytes.length >= middle.bytes.length)
  const before = await clipOf(server, `from=${iso(60_000)}&to=${iso(3000)}`)
  t.ok(all.bytes.subarray(0, before.bytes.length).subarray(HEAD).equals(before.bytes.subarray(HEAD)), 'from the oldest')
  const zoned = await clipOf(server, `from=${iso(3000).replace('Z', '+00:00')}&for=2s`)
  t.ok(zoned.bytes.equals(middle.bytes), 'a plus sign that is not encoded')
  const ago = await clipOf(server, 'ago=2s&for=1s')
  const later = await clipOf(server, 'for=1h')
  t.ok(close(ago, 1000, later))
  t.ok(ago.to < later.to - 500)
})

t.test('a query that means nothing gets a line that says what would be right', async (t) => {
  const server = await demoOf(t, 0.2)
  const cases: readonly (readonly [string, string])[] = [
    ['', 'use ?for=30s, ?ago=90s&for=30s or ?from=2026-05-31T12:00:00Z&to=2026-05-31T12:05:00Z'],
    ['for=30', 'for needs a unit, as in 30s or 150ms'],
    ['ago=soon&for=1s', 'ago needs a duration such as 150ms, 30s or 1h15m'],
    ['for=0', 'ago and for must be longer than 0'],
    ['for=-5s', 'for cannot be negative'],
    ['from=yesterday', 'from needs a time such as 2026-05-31T12:00:00Z'],
    ['from=2026-13-31T12:00:00Z', 'from needs a time such as 2026-05-31T12:00:00Z'],
    ['from=2026-05-31T12:00:00Z&to=2026-05-31T11:00:00Z', 'to must be later than from'],
    ['from=2099-05-31T12:00:00Z', 'from must be in the past'],
    ['ago=1s&from=2026-05-31T12:00:00Z', 'use either ago or from'],
    ['ago=1s&for=1s&to=2026-05-31T12:00:00Z', 'use either for or to'],
    ['to=2026-05-31T12:00:00Z', 'use ?for=30s, ?ago=90s&for=30s or ?from=2026-05-31T12:00:00Z&to=2026-05-31T12:05:00Z'],
  ]
  for (const [query, line] of cases) {
    const { answer, bytes } = await clipOf(server, query)
    t.same([answer.status, bytes.toString()], [400, `${line}\n`], query)
  }
})

t.test('what is not in memory is not found', async (t) => {
  const server = await demoOf(t, 0.2)
  const long = await clipOf(server, 'from=2001-05-31T12:00:00Z&for=1h')
  t.equal(long.answer.status, 404)
  t.match(long.bytes.toString(), /^nothing of this time is in memory, which reaches back to 20\d\d-\S+Z\n$/)
  const other = await clipOf(server, 'for=1s', 'other')
  t.same([other.answer.status, other.bytes.toString()], [404, 'there is no stream at this path\n'])
  const idle = await startServer(t, ['-demo'])
  const none = await clipOf(idle, 'for=1s')
  t.same([none.answer.status, none.bytes.toString()], [404, 'nothing of this stream is in memory yet\n'])
})

t.test('the name of a clip is safe whatever the path of its stream is', async (t) => {
  const file = join(t.testdir(), 'x.conf')
  writeFileSync(file, '[/news/ä "b".mp3]\ndemo\n')
  const server = await startServer(t, ['-config', file])
  const path = 'news/%C3%A4%20%22b%22.mp3'
  await listen(t, server.port, `/${path}`).bodyHas(1000)
  const { answer } = await clipOf(server, 'for=10s', path)
  const value = answer.headers.get('content-disposition') ?? ''
  t.match(
    value,
    /^attachment; filename="news-___b_.mp3_[-0-9TZ]+\.wav"; filename\*=UTF-8''news-%C3%A4%20_b_.mp3%20[-0-9TZ]+\.wav$/,
  )
})

t.test('clips follow the rules of who may listen', async (t) => {
  const folder = t.testdir()
  const file = join(folder, 'users')
  // `openssl passwd -apr1 secret`
  writeFileSync(file, 'anna:$apr1$BkA0zzWX$8VIAv1eB1aT.lRcIMNnON.\n')
  writeFileSync(join(folder, 'x.conf'), `[/a]\ndemo\nlisten-users ${file}\n[/b]\ndemo\nlisten-key ${KEY}\n`)
  const server = await startServer(t, ['-config', join(folder, 'x.conf')])
  await listen(t, server.port, '/a?user=anna&pass=secret').bodyHas(1000)
  t.equal((await clipOf(server, 'for=1s', 'a')).answer.status, 401)
  t.equal((await clipOf(server, 'for=1s&user=anna&pass=secret', 'a')).answer.status, 200)
  const until = Math.floor(Date.now() / 1000) + 60
  const sign = createHmac('sha256', KEY).update(`/b\n${until}`).digest('hex')
  const link = `until=${until}&sign=${sign}`
  await listen(t, server.port, `/b?${link}`).bodyHas(1000)
  t.equal((await clipOf(server, 'for=1s', 'b')).answer.status, 403)
  t.equal((await clipOf(server, `for=1s&${link}`, 'b')).answer.status, 200)
})

t.test('a clip never goes over a change of format', { skip: needs('ffmpeg') }, async (t) => {
  const server = await startServer(t, [], { stdin: 'pipe' })
  const first = listen(t, server.port)
  server.child.stdin?.write(Buffer.concat([wavOf(44100), wavOf(22050)]))
  await first.closed
  const all = await clipOf(server, 'for=1h')
  t.equal(all.bytes.readUInt32LE(RATE_AT), 44100)
  t.equal(all.bytes.length - HEAD, 3 * 44100 * 4, 'the format of its beginning')
  const later = await clipOf(server, `from=${new Date(all.to + 20).toISOString()}`)
  t.equal(later.bytes.readUInt32LE(RATE_AT), 22050)
})

function wavOf(rate: number): Buffer {
  const args = ['-v', 'error', '-f', 's16le', '-ar', '44100', '-ac', '2', '-i', '-', '-ar', `${rate}`, '-f', 'wav', '-']
  return runProgram('ffmpeg', args, music(3))
}
