/** Shows that these tests detect faults: frames are sent unmodified, as most servers send them. */
import t, { type Test } from 'tap'
import { needs } from '../programs.ts'
import { FEW } from './broadcast.ts'
import { MP3_STREAMS, OTHER_MPEG_STREAMS, type Stream } from './streams.ts'
import { tryStream } from './trial.ts'

const streams = [...MP3_STREAMS, ...OTHER_MPEG_STREAMS].filter(({ name }) => /CBR 64|24 kHz/.test(name))
const skip = needs('lame', 'perl', 'ffmpeg', 'mpg123', 'madplay')

for (const stream of streams) {
  await t.test(`${stream.name}: joins and skips are audible with -splice=false`, { skip }, (t) => hearFaults(t, stream))
}

async function hearFaults(t: Test, stream: Stream): Promise<void> {
  const figures = await tryStream(t, stream, { ...FEW, flags: ['-splice=false'] })
  t.ok(figures.wrongSamples > 0, `${figures.wrongSamples} samples are wrong`)
  t.ok(figures.lostFrames > 0, `${figures.lostFrames} frames are lost`)
  for (const program of ['ffmpeg', 'mpg123', 'madplay']) {
    t.ok(
      figures.faults.some((fault) => fault.includes(program)),
      `${program} finds faults`,
    )
  }
}
