import { spawn } from 'node:child_process'
import { once } from 'node:events'
import t, { type Test } from 'tap'
import { listen } from '../../client.ts'
import { feed } from '../../delivery/visits.ts'
import { lame } from '../../filters/encoded.ts'
import { needs, runProgram } from '../../programs.ts'
import { type Server, startServer } from '../../streamserve.ts'
import { ICY_FIELD, readIcy, titleFile } from './icy.ts'

const TITLES = [
  'Motörhead - Überfall',
  'Кино - Группа крови',
  '王菲 - 紅豆',
  '🎸🔥 - 👩‍🎤',
  `Guns 'N' Roses - Don't "Cry"`,
  "semi; colon - rock'n'roll'",
  "quote'; and after",
]
/** Titles as players show them: the pair of characters that would end a title is replaced. */
const SHOWN = TITLES.map((title) => title.replace("';", '\u2019;'))

/** Runs a player until it exits. @returns its output. */
async function play(program: string, args: readonly string[]): Promise<{ sound: Buffer; words: string }> {
  const child = spawn(program, args, { stdio: ['ignore', 'pipe', 'pipe'], env: { ...process.env, LC_ALL: 'C.UTF-8' } })
  const [sound, words] = [child.stdout, child.stderr].map(async (output) => {
    const chunks: Buffer[] = []
    for await (const chunk of output) chunks.push(chunk as Buffer)
    return Buffer.concat(chunks)
  })
  await once(child, 'close')
  return { sound: (await sound) ?? Buffer.alloc(0), words: String(await words) }
}

/** Sends a piece of MP3 for each title, and ends. */
async function perform(t: Test, server: Server, file: ReturnType<typeof titleFile>): Promise<void> {
  const sound = lame('-b', '320')
  const piece = Math.floor(sound.length / TITLES.length)
  t.ok(piece > 16_000, 'each title is long enough for a block')
  for (const [at, title] of TITLES.entries()) {
    if (at > 0) await file.play(server, title)
    feed(server, sound.subarray(at * piece, (at + 1) * piece))
  }
  server.child.stdin?.end()
}

t.test(
  'real players show every title, and get the same sound as all listeners',
  { skip: needs('lame', 'ffmpeg', 'mpg123') },
  async (t) => {
    const file = titleFile(t, TITLES[0])
    const flags = ['-filter', 'mp3', '-reopen=false', '-name', 'Радио', '-url', 'http://radio.example/']
    const server = await startServer(t, [...flags, '-title-file', file.path], { stdin: 'pipe' })
    const url = `${server.url}/`
    const ffmpeg = play('ffmpeg', ['-v', 'verbose', '-nostdin', '-icy', '1', '-i', url, '-f', 's16le', '-'])
    const mpg123 = play('mpg123', ['-s', url])
    const plain = listen(t, server.port)
    const icy = listen(t, server.port, '/', ICY_FIELD)
    await server.loggedTimes(/listener connected/, 4)
    await perform(t, server, file)

    const bytes = await plain.closed
    const body = readIcy(await icy.closed)
    t.ok(body.audio.equals(bytes))
    t.same(
      body.blocks.map(([, text]) => text),
      SHOWN.map((title) => `StreamTitle='${title}';StreamUrl='http://radio.example/';`),
    )

    const seen = await ffmpeg
    t.same(
      [...seen.words.matchAll(/Metadata update for StreamTitle: (.*)/g)].map(([, title]) => title),
      SHOWN,
    )
    t.match(seen.words, /icy-name *: Радио/)
    t.ok(seen.sound.equals(runProgram('ffmpeg', ['-v', 'error', '-f', 'mp3', '-i', '-', '-f', 's16le', '-'], bytes)))

    const heard = await mpg123
    t.same(
      [...heard.words.matchAll(/ICY-META: StreamTitle='(.*)';StreamUrl=/g)].map(([, title]) => title),
      SHOWN,
    )
    t.match(heard.words, 'ICY-NAME: Радио')
    t.ok(heard.sound.equals(runProgram('mpg123', ['-q', '-s', '-'], bytes)))
  },
)
