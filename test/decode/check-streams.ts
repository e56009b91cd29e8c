import t, { type Test } from 'tap'
import { needs } from '../programs.ts'
import type { Plan } from './broadcast.ts'
import type { Figures } from './figures.ts'
import type { Stream } from './streams.ts'
import { tryStream } from './trial.ts'

/** Plays streams, one test each, and passes on the results. */
export async function checkStreams(
  streams: readonly Stream[],
  plan: Plan,
  check: (t: Test, figures: Figures) => void = checkSpotless,
): Promise<void> {
  for (const stream of streams) {
    const programs = [stream.encoder, 'perl', ...stream.format.decoders.map(({ program }) => program)]
    await t.test(
      `${stream.name}: listeners that join or skip get the same sound as the others, and no decoder complains`,
      { skip: needs(...new Set(programs)) },
      async (t) => {
        const figures = await tryStream(t, stream, plan)
        t.ok(figures.skips >= plan.skips, `${figures.skips} skips`)
        t.ok(figures.framesUntilExact.length > plan.joins, `${figures.framesUntilExact.length} pieces were compared`)
        check(t, figures)
      },
    )
  }
}

function checkSpotless(t: Test, { faults }: Figures): void {
  t.strictSame(faults, [])
}
