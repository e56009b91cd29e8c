import type { ProgramPlan } from '../plan/program-plan.ts'
import type { Clock } from '../system/clock.ts'
import { maskSecrets } from '../text/mask-secrets.ts'
import type { Threads } from '../threads/threads.ts'
import { descriptorUse } from '../transport/descriptors.ts'
import { FileChecks } from './file-checks.ts'
import type { HubState } from './hub-status.ts'
import type { PresentTime, ProgramFacts } from './program-troubles.ts'
import { toldText } from './safe-text.ts'
import { WallClock } from './wall-clock.ts'

/** Parts of the program that have the facts. */
export interface FactSources {
  readonly threads: Pick<Threads, 'crashedAt'>
  /** Open connections, and their maximum; 0: unlimited. */
  readonly connections: () => ProgramFacts['connections']
  /** When the certificate ends, in milliseconds since 1970; undefined: HTTP only. */
  readonly certificateEndsAt: () => number | undefined
  /** The current plan, which a reload may change. */
  readonly plan: () => ProgramPlan
  /** Undefined: none is configured. */
  readonly hub: HubState | undefined
}

/** Gathers the facts that the troubles of the program follow from. */
export class Facts {
  readonly #sources: FactSources
  readonly #clock: Clock
  readonly #wall: WallClock
  readonly #files: FileChecks

  constructor(sources: FactSources, clock: Clock) {
    this.#sources = sources
    this.#clock = clock
    this.#wall = new WallClock(clock, Date.now)
    this.#files = new FileChecks(sources.plan)
  }

  /** Checks what cannot be known at once; called every few seconds. */
  check(): void {
    this.#wall.look()
    void this.#files.check()
  }

  /** @param showsNames whether the facts have the names of files */
  now(showsNames: boolean): ProgramFacts {
    const { threads, connections, certificateEndsAt, hub } = this.#sources
    return {
      descriptors: descriptorUse(),
      connections: connections(),
      certificateEndsAt: certificateEndsAt(),
      threadCrashedAt: threads.crashedAt,
      clockJump: this.#wall.jump,
      files: this.#files.sentences(showsNames),
      hub: hub && { ...hub.link, problem: hubProblem(hub.link, showsNames) },
    }
  }

  get time(): PresentTime {
    return { clock: this.#clock.now(), wall: this.#wall.now() }
  }
}

/** The problem may have addresses in it. */
function hubProblem({ problem }: HubState['link'], showsNames: boolean): string | undefined {
  if (problem === undefined || !showsNames) return problem && ''
  return toldText(maskSecrets(problem))
}
