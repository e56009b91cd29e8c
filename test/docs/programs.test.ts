import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { mkdtempSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import t, { type Test } from 'tap'
import { listen } from '../client.ts'
import { programPlan } from '../plans.ts'
import { needs } from '../programs.ts'
import { plainEnvironment, type Server, startServer } from '../streamserve.ts'
import { withFlagTable } from './flag-table.ts'
import { blockOfDocs, pageOf, pages } from './pages.ts'

t.test('the filter in the documentation works as it stands', async (t) => {
  const [, code = ''] = /```js\n([\s\S]*?)```/.exec(pageOf('writing-a-filter')) ?? []
  const file = join(mkdtempSync(join(tmpdir(), 'streamserve-')), 'lines.mjs')
  writeFileSync(file, code)
  const script = "printf 'one\\ntw'; sleep 0.1; printf 'o\\nthree\\nhalf'"
  const server = await startServer(t, ['-frame-filter', file, '-reopen=false', '-exec', script])
  const client = listen(t, server.port)
  t.match(await client.headCame(), /content-type: text\/plain; charset=utf-8/i)
  t.equal((await client.closed).toString(), 'one\ntwo\nthree\n', 'whole lines only')
})

t.test('the short form of a command encodes like the long one', async (t) => {
  const [long, short, ...others] = [
    ...pageOf('sound-card').matchAll(/curl -sS http:\/\/HOST:8080\/ \| (lame [^'"]+)/g),
  ].map(([, lame]) => lame)
  t.match(long, /^lame -r .*- -$/)
  t.equal(short, long)
  t.strictSame(others, [])
})

t.test('the table of flags is the one that is made from the options', async (t) => {
  const page = pageOf('flags')
  t.equal(withFlagTable(page), page, 'node dist/test/docs/write-flag-table.js renews it')
})

/** The station files of all pages: blocks of indented lines with a section. */
function stationFiles(): string[] {
  const blocks = [...pages.values()].flatMap((page) => page.match(/(?:^ {4}.*\n|^\n(?= {4}))+/gm) ?? [])
  return blocks.filter((block) => /^ {4}\[\//m.test(block)).map((block) => block.replace(/^ {4}/gm, ''))
}

/** Returns the settings of a program in the table of publishers. */
function settingsOf(program: string): string {
  return new RegExp(`^\\| ${program} \\| .*?\`([^\`]*)\` \\|$`, 'm').exec(pageOf('publishers'))?.[1] ?? ''
}

t.test('the station files have no errors', async (t) => {
  const files = stationFiles()
  t.ok(files.length >= 5)
  const folder = t.testdir({ secret: 'a secret\n' })
  const file = join(folder, 'main.conf')
  for (const content of files) {
    writeFileSync(file, content.replaceAll(/(?<= file:)\S+/g, join(folder, 'secret')))
    t.doesNotThrow(() => programPlan('-config', file), content)
  }
})

t.test('programs publish with the documented settings', { skip: needs('ffmpeg', 'liquidsoap') }, async (t) => {
  const studio = stationFiles().find((file) => file.includes('# studio.conf')) ?? ''
  const folder = t.testdir()
  const conf = join(folder, 'studio.conf')
  writeFileSync(conf, studio.replaceAll(/^address .*\n/gm, ''))
  const server = await startServer(t, ['-config', conf])
  const here = (text: string) => text.replace('HOST:8000', `127.0.0.1:${server.port}`).replace('HOST', '127.0.0.1')
  const ffmpeg = here(settingsOf('ffmpeg')).replace('-i jingle.flac', '-v error -f lavfi -i sine').split(' ')
  startFeeder(t, ffmpeg)
  await listen(t, server.port, '/dj').bodyHas(10_000)
  t.match(await server.logged(/publisher connected/), /user=source agent=Lavf/)
  const script = join(folder, 'radio.liq')
  const output = here(settingsOf('liquidsoap')).replace('port=8000', `port=${server.port}`).replace('/dj', '/guests/me')
  writeFileSync(script, `settings.init.allow_root.set(true)\nradio = sine()\n${output}\n`)
  startFeeder(t, ['liquidsoap', script])
  await server.logged(/publisher connected .*agent="?Liquidsoap/)
  await listen(t, server.port, '/guests/me').bodyHas(10_000)
})

t.test('one capture becomes four streams as documented', { skip: needs('ffmpeg', 'lame') }, async (t) => {
  const chain = stationFiles().find((file) => file.includes('/radio.opus')) ?? ''
  const conf = join(t.testdir(), 'chain.conf')
  const capture = 'ffmpeg -v error -re -f lavfi -i sine -ac 2 -ar 44100 -f s16le -'
  writeFileSync(conf, chain.replace('arecord -f cd -t raw', capture))
  const server = await startServer(t, ['-config', conf])
  const beginnings = { '/cd': 'RIFF', '/cd.flac': 'fLaC', '/radio.mp3': '\u00ff\u00fb', '/radio.opus': 'OggS' }
  await Promise.all(
    Object.entries(beginnings).map(async ([path, beginning]) => {
      const listener = listen(t, server.port, path)
      const body = await listener.bodyHas(10_000)
      t.equal(body.toString('latin1', 0, beginning.length), beginning, path)
      listener.reset()
    }),
  )
  await server.loggedTimes(/source closed .*reason="no listeners"/, 4)
})

t.test(
  'listeners of a scanner go back, and save what was said as documented',
  { skip: needs('ffmpeg', 'lame') },
  async (t) => {
    const server = await startStation(t, 'scanner.conf', 'arecord -q -f S16_LE -r 22050 -t raw', '-ac 1 -ar 22050')
    await listen(t, server.port, '/scanner.mp3').bodyHas(10_000)
    await listen(t, server.port, '/scanner.mp3?ago=2m').bodyHas(10_000)
    const clip = await fetch(`${server.url}/clip/scanner.mp3?for=30s`)
    t.equal(clip.status, 200)
    t.equal((await clip.arrayBuffer()).byteLength, Number(clip.headers.get('content-length')))
  },
)

t.test(
  'two encoders of one source are qualities of HLS as documented',
  { skip: needs('ffmpeg', 'lame') },
  async (t) => {
    const server = await startStation(t, 'qualities.conf', 'arecord -q -f cd -t raw', '-ac 2 -ar 44100')
    const playlists = ['/hls/high.mp3/live.m3u8', '/hls/low.mp3/live.m3u8']
    for (const path of playlists) t.equal((await fetch(server.url + path)).status, 200, path)
    const main = await (await fetch(`${server.url}/hls/pop/main.m3u8`)).text()
    const uris = main.split('\n').filter((line) => line !== '' && !line.startsWith('#'))
    t.strictSame(
      uris.map((uri) => new URL(uri, `${server.url}/hls/pop/`).pathname),
      playlists,
    )
  },
)

/** Starts a station file of the documentation, with a tone in place of a sound card. @param capture the command to replace */
async function startStation(t: Test, name: string, capture: string, format: string): Promise<Server> {
  const block = blockOfDocs(name)
  t.match(block, capture)
  const conf = join(t.testdir(), name)
  const tone = `ffmpeg -v error -nostdin -re -f lavfi -i sine ${format} -f s16le -`
  writeFileSync(conf, block.replace(capture, tone).replace(/^address .*\n/m, ''))
  return startServer(t, ['-config', conf])
}

/** Starts a program, which is ended with the test. */
function startFeeder(t: Test, [program = '', ...args]: readonly string[]): void {
  const child = spawn(program, args, { stdio: 'ignore', env: plainEnvironment() })
  const exited = once(child, 'exit')
  t.teardown(async () => {
    child.kill('SIGKILL')
    await exited
  })
}
