/** The command, against streamserve itself and against Icecast. */
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import t, { type Test } from 'tap'
import { ffmpeg, flac, lame, opusenc } from '../decode/encode.ts'
import { needs } from '../programs.ts'
import { hasSound, publish, setTitle, startIcecast } from '../source/relay/icecast.ts'
import { run, startServer } from '../streamserve.ts'
import { probed } from './probed.ts'
import { faultsOf } from './received.ts'

/** A file that is played again and again. */
function file(t: Test, name: string, bytes: Buffer): string {
  const folder = mkdtempSync(join(tmpdir(), 'streamserve-'))
  t.teardown(() => rmSync(folder, { recursive: true }))
  writeFileSync(join(folder, name), bytes)
  return join(folder, name)
}

t.test('prints a summary and the details, and exits with 0', async (t) => {
  const server = await startServer(t, ['-demo', '-name', 'Radio | X'])
  const { code, stdout, stderr } = await run(['-probe', server.url, '-for', '1s'])
  t.strictSame([code, stderr], [0, ''])
  const [first, ...details] = stdout.trimEnd().split('\n')
  t.match(first, /^good: WAV, 1411 kbit\/s, 16 bit, 44\.1 kHz, stereo; first frame after [\d.]+ m?s$/)
  t.ok(details.every((line) => /^ {2}\w+ +\S/.test(line)))
  for (const detail of [/^ {2}station +Radio \/ X$/m, /^ {2}decoder +can start at once$/m, /^ {2}level +peak -\d/m]) {
    t.match(stdout, detail)
  }
})

t.test('prints one object of JSON', async (t) => {
  const server = await startServer(t, ['-demo'])
  const { code, stdout } = await run(['-probe', server.url, '-for=1s', '-log-format=json'])
  t.equal(code, 0)
  t.equal(stdout.trimEnd().split('\n').length, 1)
  t.match(JSON.parse(stdout), {
    verdict: 'good',
    exitCode: 0,
    summary: /^good: /,
    url: `${server.url}/`,
    faults: [],
    remarks: [],
    redirects: 0,
    server: { status: 200, contentType: 'audio/wav', contentLength: null },
    times: { tlsMs: null, firstFrameMs: Number },
    received: { startsAtOnce: true, brokenPlaces: 0, endedByServer: false },
    format: { codec: 'WAV', sampleRateHz: 44_100, channels: 2 },
    level: { peakDbfs: Number },
    titles: [],
  })
})

t.test('exits with 2 when there is nothing to hear, and with 3 after a wrong flag', async (t) => {
  const missing = await run(['-probe', 'http://127.0.0.1:1/'])
  t.match(missing, { code: 2, stdout: /^nothing to hear: \S+: connection refused; start the server/, stderr: '' })
  const wrong = await run(['-probe', 'http://127.0.0.1:1/', '-bogus'])
  t.match(wrong, { code: 3, stdout: '', stderr: /^streamserve: -bogus: [^\n]+\n$/ })
})

t.test('a certificate that is not known is refused, unless every one is accepted', async (t) => {
  const { port } = await startServer(t, ['-tls', '-demo'])
  const url = `https://127.0.0.1:${port}/`
  const refused = await probed(url)
  t.equal(refused.exitCode, 2)
  t.match(refused.summary, `nothing to hear: ${url}: self-signed certificate (DEPTH_ZERO_SELF_SIGNED_CERT); `)
  const accepted = await probed(url, { insecure: true })
  t.equal(accepted.exitCode, 0)
  t.ok((accepted.times.tlsMs ?? 0) > 0)
})

const encoders = needs('lame', 'ffmpeg', 'opusenc', 'oggenc', 'flac')
t.test('each format of streamserve is good, and a decoder can start at once', { skip: encoders }, async (t) => {
  const formats = {
    'music.mp3': [lame(44_100, '-b', '128')(8), /^good: MP3, 128 kbit\/s, 44\.1 kHz, stereo; /],
    'music.aac': [
      ffmpeg(44_100, '-c:a', 'aac', '-b:a', '96k', '-f', 'adts')(20),
      /^good: AAC, \d+ kbit\/s, 44\.1 kHz, stereo; /,
    ],
    'music.opus': [opusenc('--bitrate', '64')(8), /^good: Ogg Opus, \d+ kbit\/s, 48 kHz, stereo; /],
    'music.flac': [flac(44_100)(8), /^good: FLAC, \d+ kbit\/s, 16 bit, 44\.1 kHz, stereo; /],
  } as const
  const sections = Object.entries(formats).map(([name, [bytes]]) => `[/${name}]\nplay ${file(t, name, bytes)}\nloop\n`)
  const server = await startServer(t, ['-config', file(t, 'radio.conf', Buffer.from(sections.join('')))])
  for (const [name, [, summary]] of Object.entries(formats)) {
    const report = await probed(`${server.url}/${name}`)
    t.match(report.summary, summary)
    t.strictSame([report.received?.startsAtOnce, report.remarks], [true, []], name)
    t.ok((report.received?.burstMs ?? 0) > 3_000, `${name}: a burst of ${report.received?.burstMs} ms`)
  }
})

const icecastPrograms = needs('icecast2', 'setpriv', 'ffmpeg', 'lame')
t.test('a stream of Icecast is good, although it begins within a frame', { skip: icecastPrograms }, async (t) => {
  const icecast = await startIcecast(t)
  publish(t, icecast, '/live', file(t, 'music.mp3', lame(44_100, '-b', '128')(20)))
  await hasSound(`${icecast.url}/live`)
  t.equal(await setTitle(icecast, '/live', 'Élan'), 200)
  const report = await probed(`${icecast.url}/live.m3u`, { listenMs: 1_000 })
  t.strictSame([report.exitCode, faultsOf(report), report.redirects], [0, [], 1])
  t.match(report.server, { server: /^Icecast/, name: 'Nachbar', genre: 'Jazz', contentType: 'audio/mpeg' })
  t.strictSame(
    report.titles.map(({ title }) => title),
    ['Élan'],
  )
})
