import type { StreamPlan } from '../plan/stream-plan.ts'
import type { Source } from '../source/source.ts'

/** Returns the name of a stream on the hub in the label of its source. */
export function hubLabel(name: string): string {
  return `hub ${name}`
}

/** Returns the name on the hub of a stream that is read from there; undefined: it is not. */
export function hubNameOf({
  plan,
  source,
}: {
  readonly plan: Pick<StreamPlan, 'sources'>
  readonly source: Pick<Source, 'label'>
}): string | undefined {
  const name = hubNameOfPlan(plan)
  // The plan of a stream among all those of the hub does not have its name.
  return name === '*' ? source.label.slice(hubLabel('').length) : name
}

/** As `hubNameOf`; `*`: all streams of the hub. */
export function hubNameOfPlan({ sources }: Pick<StreamPlan, 'sources'>): string | undefined {
  return sources.find((source) => source.kind === 'hub')?.name
}
