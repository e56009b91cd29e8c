/**
 * `npm run test:sound`: every stream with all its joins and skips, and tables of the results; MP3 a second time without
 * lead-ins, for comparison.
 */
import t, { type Test } from 'tap'
import type { Plan } from './broadcast.ts'
import { checkStreams } from './check-streams.ts'
import { type Figures, tableOf } from './figures.ts'
import { LAYER_2 } from './formats.ts'
import { MP3_STREAMS, OTHER_MPEG_STREAMS, OTHER_STREAMS, type Stream } from './streams.ts'

const ALL: Plan = { joins: 100, skips: 50, slowListeners: 5, flags: [] }

t.setTimeout(2 * 3600 * 1000)
const mpeg = [...MP3_STREAMS, ...OTHER_MPEG_STREAMS]
const spliced: Figures[] = []
const unspliced: Figures[] = []

await checkStreams([...mpeg, ...OTHER_STREAMS], ALL, (t: Test, figures) => {
  note(spliced, figures)
  t.strictSame(figures.faults, [])
})
/** Layer II has no bit reservoir, and libshine does not use it. */
const isHarmed = ({ format, name }: Stream) => format !== LAYER_2 && !name.includes('libshine')
await checkStreams(mpeg.filter(isHarmed), { ...ALL, flags: ['-splice=false'] }, (t, figures) => {
  note(unspliced, figures)
  t.ok(figures.wrongSamples > 0, 'faults are found')
})

/** Prints each result at once, so that an aborted run is useful, too. */
function note(all: Figures[], figures: Figures): void {
  all.push(figures)
  console.log(tableOf([figures]).split('\n').at(-1))
}

console.log(`\n${tableOf(spliced)}\n\nWith -splice=false:\n\n${tableOf(unspliced)}`)
