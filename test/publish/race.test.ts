import t, { type Test } from 'tap'
import { listen } from '../client.ts'
import { needs } from '../programs.ts'
import { curl, ffmpeg } from './ffmpeg-and-curl.ts'
import { decodeHeard } from './heard.ts'
import { bytesOf, hears } from './listening.ts'
import type { Target } from './publisher-program.ts'
import { type Command, start } from './running-program.ts'
import { MP3 } from './sound.ts'
import { PASSWORD, PATH, startStation } from './station.ts'
import { startWire } from './wire.ts'

t.jobs = 2

const put = (target: Target) => ffmpeg(target, ...MP3, '-f', 'mp3')
const source = (target: Target) => ffmpeg(target, ...MP3, '-legacy_icecast', '1', '-f', 'mp3')
type Racer = (target: Target) => Command

const RACES: readonly (readonly Racer[])[] = [
  [put, put],
  [put, source],
  [source, curl],
  [put, source, curl, put, source, curl, put, source],
]
const HEARD_SECONDS = 3

/** Frequency of a racer's tone. */
function hzOf(racer: number): number {
  return 400 + 101 * racer
}

/** Starts all of them at once, each from an address of its own. */
async function race(t: Test, racers: readonly Racer[]): Promise<void> {
  const folder = t.testdir()
  const { server, ports } = await startStation(t, folder)
  const listener = listen(t, server.port, PATH)
  const wires = await Promise.all(racers.map((_, i) => startWire(t, ports, `127.0.0.${i + 2}`)))
  const running = await Promise.all(
    racers.map((racer, i) => {
      const port = wires[i]?.port ?? 0
      return start(t, racer({ port, password: PASSWORD, hz: hzOf(i), folder }))
    }),
  )
  await server.loggedTimes(/publisher refused/, racers.length - 1)
  await hears(listener, 'mp3', HEARD_SECONDS, 0)
  await Promise.all(running.map((program) => program.kill()))
  t.equal(server.count(/publisher connected/), 1, 'one publisher is on air')
  const heard = await decodeHeard(folder, 'mp3', bytesOf(listener))
  const tones = racers.map((_, i) => heard.toneSeconds(hzOf(i)))
  t.equal(tones.filter((seconds) => seconds > 0).length, 1, `heard are ${tones.join(', ')} s of their tones`)
  t.strictSame(heard.complaints, [], 'no decoder complains')
}

for (const [i, racers] of RACES.entries()) {
  const options = { skip: needs('ffmpeg', 'curl', 'mpg123'), buffered: true }
  t.test(`of ${racers.length} publishers at one path exactly one is on air, race ${i + 1}`, options, (t) =>
    race(t, racers),
  )
}
