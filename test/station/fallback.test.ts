import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import t, { type Test } from 'tap'
import { type Client, listen } from '../client.ts'
import { needs } from '../programs.ts'
import { repetitions } from '../repetitions.ts'
import { plainEnvironment, type Server, startServer } from '../streamserve.ts'
import { decoderWords, FORMATS, partsOf, writeSounds } from './fallback-sounds.ts'

/** Number of times that each source is killed. */
const KILLS = repetitions(5, 200)
const LISTENERS_A_FORMAT = 5
const AFTER_MS = 400

/**
 * Writes a file of 30 s in real time, after a pause of up to 1 s, and kills itself 1 to 1.4 s after its start: a source that ends
 * earlier is opened again only after a growing pause.
 */
const FEEDER = `
import { readFileSync } from 'node:fs'
const bytes = readFileSync(process.argv[2])
const startedAt = performance.now() + 1000 * Math.random()
let at = 0
const write = () => {
  const due = Math.min(bytes.length, Math.max(0, Math.floor((performance.now() - startedAt) * bytes.length / 30_000)))
  if (due > at) process.stdout.write(bytes.subarray(at, due))
  at = Math.max(at, due)
}
setInterval(write, 20)
setTimeout(() => process.kill(process.pid, 'SIGKILL'), 1050 + 400 * Math.random())
`

const NEEDED = needs('lame', 'ffmpeg', 'flac', 'mpg123')

/** Starts a station of these lines. */
function startStation(t: Test, folder: string, lines: readonly string[]): Promise<Server> {
  const file = join(folder, 'station.conf')
  writeFileSync(file, lines.join('\n'))
  return startServer(t, ['-config', file])
}

/** Decodes the body of a listener. @returns its samples, and the complaints of the decoder */
async function decoded(body: Buffer, [program, ...words]: readonly [string, ...string[]]) {
  const child = spawn(program, words, { env: plainEnvironment() })
  const chunks: Buffer[] = []
  let complaints = ''
  child.stdout.on('data', (chunk: Buffer) => chunks.push(chunk))
  child.stderr.on('data', (text: Buffer) => {
    complaints += text.toString()
  })
  const closed = once(child, 'close')
  child.stdin.on('error', () => {})
  child.stdin.end(body)
  await closed
  return { samples: Buffer.concat(chunks), complaints }
}

/** Longest time between two arrivals of bytes, in milliseconds. */
function watchGaps({ socket }: Client) {
  const seen = { longestMs: 0, at: 0 }
  socket.on('data', () => {
    const now = performance.now()
    if (seen.at > 0) seen.longestMs = Math.max(seen.longestMs, now - seen.at)
    seen.at = now
  })
  return seen
}

t.test(
  `is heard while the source is killed ${KILLS} times, and decoders have no complaint`,
  { skip: NEEDED },
  async (t) => {
    const folder = t.testdir({ 'feeder.mjs': FEEDER })
    const sounds = FORMATS.map((format) => ({ format, ...writeSounds(folder, format) }))
    const feeder = `env -u NODE_OPTIONS ${process.execPath} ${folder}/feeder.mjs`
    const sections = sounds.flatMap(({ format, main, back }) => [
      `[/radio.${format.name}]`,
      `exec ${feeder} ${main.file}`,
      `fallback ${back.file}`,
    ])
    const server = await startStation(t, folder, [`fallback-after ${AFTER_MS}ms`, 'burst 1s', 'debug', ...sections])
    const listeners = sounds.map(({ format }) =>
      Array.from({ length: LISTENERS_A_FORMAT }, () => listen(t, server.port, `/radio.${format.name}`)),
    )
    const gaps = listeners.map(([first]) => watchGaps(first as Client))
    await Promise.all(
      FORMATS.map(({ name }) => server.loggedTimes(new RegExp(`source closed stream=/radio.${name} .*SIGKILL`), KILLS)),
    )
    t.equal(server.count(/listener disconnected/), 0)
    server.child.kill('SIGTERM')
    await server.exited
    for (const [i, { format, main, back }] of sounds.entries()) {
      const bodies = await Promise.all((listeners[i] ?? []).map(({ closed }) => closed))
      const results = await Promise.all(bodies.map((body) => decoded(body, decoderWords(format.input))))
      t.same(
        results.map(({ complaints }) => complaints),
        bodies.map(() => ''),
        `ffmpeg, ${format.name}`,
      )
      if (format.exactAfter !== undefined) {
        const parts = partsOf(results[0]?.samples ?? Buffer.alloc(0), [main.samples, back.samples])
        const longest = Math.max(...parts.slice(1).map(({ gap }) => gap))
        t.ok(longest <= format.exactAfter, `${format.name}: exact after ${longest} samples`)
        t.ok(parts.some(({ sound }) => sound === 0) && parts.some(({ sound }) => sound === 1), 'both sides are heard')
      }
      const started = server.count(new RegExp(`fallback started stream=/radio.${format.name} `))
      t.ok(started > 0, `${format.name}: ${started} fallbacks`)
      t.comment(`${format.name}: longest time without bytes ${Math.round(gaps[i]?.longestMs ?? 0)} ms`)
    }
    for (const { closed } of listeners[0] ?? []) {
      const { complaints } = await decoded(await closed, ['mpg123', '-q', '--stdout', '-'])
      t.equal(complaints, '', 'mpg123')
    }
  },
)
