import { hostname } from 'node:os'
import { hubNameOf } from '../hub/hub-name-of.ts'
import type { ProgramPlan } from '../plan/program-plan.ts'
import { publishedNameOf } from './open-hub.ts'

/** Lines about the hub for `-check`. */
interface HubLines {
  readonly facts: readonly string[]
  readonly problems: readonly string[]
}

/** Connects to the hub of a plan for a moment, and tries what its streams need; takes 3 s at most. */
export async function checkHub({ hub, streams, published }: ProgramPlan): Promise<HubLines> {
  if (hub === undefined) return { facts: [], problems: [] }
  const { checkNats } = await import('../hub/nats/check-nats.ts')
  const all = [...streams, ...published]
  const publishes = all.flatMap((plan) => publishedNameOf(plan) ?? [])
  const reads = all.flatMap((plan) => hubNameOf(plan) ?? [])
  return checkNats(hub, hub.origin ?? hostname(), { publishes: unique(publishes), reads: unique(reads) })
}

function unique(names: readonly string[]): string[] {
  return [...new Set(names)]
}
