import t from 'tap'
import { listen } from '../client.ts'
import { needs } from '../programs.ts'
import { hears } from './listening.ts'
import { start } from './running-program.ts'
import { toneFile } from './sound.ts'
import { PASSWORD, PATH, startStation } from './station.ts'

/** Sound that a publisher may be ahead of real time, in seconds, */
const MAX_LEAD_SECONDS = 10
/** and that of the first 4 KiB and of the last: the lead is checked behind each. */
const CHUNK_SECONDS = 0.6

t.test('slows down curl, which sends a file at once', { skip: needs('curl', 'ffmpeg') }, async (t) => {
  const folder = t.testdir()
  const file = await toneFile(folder, 440)
  const { server } = await startStation(t, folder)
  const listener = listen(t, server.port, PATH)
  const startedAt = performance.now()
  const args = [
    '-fsS',
    '-u',
    `source:${PASSWORD}`,
    '-H',
    'Content-Type: audio/mpeg',
    '-T',
    file,
    `${server.url}${PATH}`,
  ]
  await start(t, { program: 'curl', args })
  for (const seconds of [MAX_LEAD_SECONDS + 1, MAX_LEAD_SECONDS + 2, MAX_LEAD_SECONDS + 3]) {
    await hears(listener, 'mp3', seconds, 0)
    const lead = seconds - (performance.now() - startedAt) / 1000
    t.ok(lead < MAX_LEAD_SECONDS + CHUNK_SECONDS, `${seconds} s are heard ${lead} s before their time`)
    t.ok(lead > 1, 'it is not slowed down to real time alone')
  }
})
