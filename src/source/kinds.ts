import type { HubSourcePlan, SourcePlan } from '../plan/stream-plan.ts'
import type { Runtime } from '../system/runtime.ts'
import type { Listen } from './derived/listen.ts'
import type { OrphanGuard } from './exec/orphan-guard.ts'
import type { Examine } from './files/sound.ts'
import { type PathSource, STANDARD_INPUT, sourceOfPath } from './path-source.ts'
import { PushSource } from './push.ts'
import { createRelaySource } from './relay/relay.ts'
import type { Source } from './source.ts'

/** Parts of the program that sources use. */
export interface SourceParts extends Runtime {
  /** Examines the beginning of a file as the stream would. */
  readonly examine: Examine
  /** Ends children that outlive the program. */
  readonly guard: OrphanGuard
  /** Connects to another stream of the program. */
  readonly listen: Listen
  /** Makes a source of a stream of the hub. @throws SourceError when there is no hub */
  readonly readHub: (plan: HubSourcePlan) => Source
}

type Kind = SourcePlan['kind']
type PlanOf<K extends Kind> = Extract<SourcePlan, { readonly kind: K }>
type Kinds = { readonly [K in Kind]: (plan: PlanOf<K>, parts: SourceParts) => Promise<PathSource> }

/** Every kind of source, and how it is made. What only one of them needs is loaded with it. */
const KINDS: Kinds = {
  demo: async (_, { clock }) => ({ source: (await import('./demo/demo.ts')).createDemoSource(clock) }),
  async exec({ command }, { guard, clock, log }) {
    const { createExecSource } = await import('./exec/exec.ts')
    return { source: createExecSource(command, guard, clock, log) }
  },
  async play(plan, { clock, log, examine }) {
    const { createPlaylistSource } = await import('./files/playlist.ts')
    return { source: await createPlaylistSource(plan.paths, plan, clock, log, examine) }
  },
  async from({ command, ...origin }, { listen, guard, clock, log }) {
    const { createFromSource } = await import('./derived/from.ts')
    const input = createFromSource(origin, listen)
    if (command === undefined) return { source: input }
    const { createExecSource } = await import('./exec/exec.ts')
    return { source: createExecSource(command, guard, clock, log, input) }
  },
  relay: async (plan, { clock }) => ({ source: createRelaySource(plan, clock) }),
  hub: async (plan, { readHub }) => ({ source: readHub(plan) }),
  publish: async () => ({ source: new PushSource('publishers') }),
  path: ({ path }, { clock, log }) => sourceOfPath(path, clock, log),
  'standard input': (_, { clock, log }) => sourceOfPath(STANDARD_INPUT, clock, log),
}

/** Makes the source of a plan, or finds the directory that has its sources. @throws SourceError when there is nothing to read */
export function openSource<K extends Kind>(plan: PlanOf<K>, parts: SourceParts): Promise<PathSource> {
  // The table has a function of this very kind; TypeScript does not see that for a union.
  const make = KINDS[plan.kind] as (plan: PlanOf<K>, parts: SourceParts) => Promise<PathSource>
  return make(plan, parts)
}
