/** Listeners of an edge while one of two origins fails. */
import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import t, { type Test } from 'tap'
import { type Client, listen } from '../client.ts'
import { complaints } from '../filters/ogg/encoded-ogg.ts'
import { needs } from '../programs.ts'
import { isLongRun } from '../repetitions.ts'
import { decoderWords, FORMATS, writeSounds } from '../station/fallback-sounds.ts'
import { type Server, startServer } from '../streamserve.ts'
import { type BadNetwork, startBadNetwork } from './bad-network.ts'
import { type Cluster, clusterOf } from './cluster.ts'
import { heardOrigin } from './hub-programs.ts'

/** Longest silence, in milliseconds: half a second, and what a machine with two busy cores adds for eleven processes. */
const SILENCE_MS = 800
/** Sound before a failure, in seconds: an edge that has just begun has no key of the other origin yet, which is sent every 2 s. */
const BEFORE_S = 3
/** Sound that listeners get after a failure, in seconds. */
const AFTER_S = 3
const TESTED = FORMATS.filter(({ name }) => ['mp3', 'opus', 'flac'].includes(name))
/** Half of the rate of all streams together, in bytes per second: they are relayed over one way. */
const HALF_RATES: Readonly<Record<string, number>> = { mp3: 8_000, opus: 6_000, flac: 40_000 }

/** One origin, with its ways to the hub and from its sources. */
interface Origin {
  readonly server: Server
  readonly hub: BadNetwork
  readonly upstreams: readonly BadNetwork[]
}

/** What happens to an origin. */
const FAILURES: Readonly<Record<string, (origin: Origin) => void>> = {
  'is killed': ({ server }) => server.child.kill('SIGKILL'),
  'is stopped': ({ server }) => server.child.kill('SIGSTOP'),
  'is cut off the hub': ({ hub }) => hub.cut(),
  'gets sound at half its speed': ({ upstreams }) => {
    for (const [i, { name }] of TESTED.entries()) upstreams[i]?.slowTo(HALF_RATES[name] ?? 0)
  },
}

/** The failure that is always tried; an edge notices the others as it does with origins that have the same frames. */
const ALWAYS_TRIED = 'is killed'

const skip = needs('nats-server', 'openssl', 'lame', 'ffmpeg', 'flac', 'mpg123')

t.setTimeout(600_000)
t.test('one of two origins fails', { skip }, async (t) => {
  const cluster = await clusterOf(t)
  const folder = t.testdir()
  const files = TESTED.map((format) => writeSounds(folder, format).main.file)
  for (const kind of ['the same frames', 'frames of its own']) {
    for (const [name, fail] of Object.entries(FAILURES)) {
      if (kind === 'frames of its own' && name !== ALWAYS_TRIED && !isLongRun) continue
      await t.test(`each has ${kind}, and one ${name}`, async (t) => {
        const first = await startPlayer(t, folder, files)
        const second = kind === 'the same frames' ? first : await startPlayer(t, folder, files)
        const origins: Readonly<Record<string, Origin>> = {
          'origin-a': await startOrigin(t, cluster, 'origin-a', first, folder),
          'origin-b': await startOrigin(t, cluster, 'origin-b', second, folder),
        }
        const edge = await startEdge(t, cluster)
        const listeners = TESTED.map((format) => ({ format, ear: new Ear(t, edge.port, `/radio.${format.name}`) }))
        await Promise.all(listeners.map(({ ear }) => ear.hears(BEFORE_S)))
        const victim = await heardOrigin(edge, 'radio.mp3')
        fail(origins[victim] as Origin)
        for (const { ear } of listeners) ear.longestMs = 0
        await Promise.all(listeners.map(({ ear }) => ear.hears(AFTER_S)))
        edge.child.kill('SIGTERM')
        for (const { format, ear } of listeners) {
          const body = await ear.client.closed
          const [program, ...words] = decoderWords(format.input)
          t.equal(complaints(body, program, ...words), '', `ffmpeg, ${format.name}`)
          t.ok(ear.longestMs < SILENCE_MS, `${format.name}: silence of ${Math.round(ear.longestMs)} ms`)
          if (format.name === 'mp3') t.equal(complaints(body, 'mpg123', '-q', '-t', '@'), '', 'mpg123')
        }
        for (const { server } of Object.values(origins)) server.child.kill('SIGKILL')
      })
    }
  }
})

/** Starts a server that plays a file for each path. */
async function startPlayer(t: Test, folder: string, files: readonly string[]): Promise<Server> {
  const sections = TESTED.flatMap(({ name }, i) => [`[/radio.${name}]`, `play ${files[i]}`, 'warm'])
  return startServer(t, ['-config', written(folder, 'player', ['burst 1s', 'max-delay 10ms', ...sections])])
}

/** Starts an origin of the streams of a player. */
async function startOrigin(
  t: Test,
  cluster: Cluster,
  user: 'origin-a' | 'origin-b',
  player: Server,
  folder: string,
): Promise<Origin> {
  const hub = await startBadNetwork(t, cluster.ports[user === 'origin-a' ? 0 : 1] ?? 0)
  const upstreams = await Promise.all(TESTED.map(() => startBadNetwork(t, player.port)))
  const sections = TESTED.flatMap(({ name }, i) => [
    `[/radio.${name}]`,
    `relay http://127.0.0.1:${upstreams[i]?.port}/radio.${name}`,
    'hub-publish',
  ])
  const flags = ['-hub', `tls://127.0.0.1:${hub.port}`, ...cluster.flags(user).slice(2)]
  const server = await startServer(t, [...flags, '-config', written(folder, user, sections)])
  await server.loggedTimes(/format found/, TESTED.length)
  return { server, hub, upstreams }
}

async function startEdge(t: Test, cluster: Cluster): Promise<Server> {
  const url = cluster.urls[2] ?? ''
  const words = ['-hub', url, ...cluster.flags('edge').slice(2)]
  return startServer(t, [...words, '-max-delay', '10ms', '-from', 'hub:*'])
}

function written(folder: string, name: string, lines: readonly string[]): string {
  const file = join(folder, `${name}.conf`)
  writeFileSync(file, lines.join('\n'))
  return file
}

/** A listener, and the longest time that it had no bytes. */
class Ear {
  readonly client: Client
  /** In milliseconds, since the last reset. */
  longestMs = 0
  #at: number | undefined
  #bytesCame = (): void => {}

  constructor(t: Test, port: number, path: string) {
    this.client = listen(t, port, path)
    this.client.socket.on('data', () => {
      const now = performance.now()
      if (this.#at !== undefined) this.longestMs = Math.max(this.longestMs, now - this.#at)
      this.#at = now
      this.#bytesCame()
    })
  }

  /** Resolves when bytes have arrived for so long. */
  async hears(seconds: number): Promise<void> {
    const from = performance.now()
    while (performance.now() - from < seconds * 1000) {
      await new Promise<void>((resolve) => {
        this.#bytesCame = resolve
      })
    }
  }
}
