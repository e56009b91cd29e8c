import type { StreamPlan } from '../plan/stream-plan.ts'

/** Returns the name on the hub of a stream that is read from there; `*`: all streams of the hub. Undefined: it is not read there. */
export function hubNameOf({ sources }: Pick<StreamPlan, 'sources'>): string | undefined {
  return sources.find((source) => source.kind === 'hub')?.name
}
