import { type PresentTime, type ProgramFacts, programTroubles } from './program-troubles.ts'
import type { StreamStatus, Trouble } from './report.ts'
import { type FoundTrouble, streamTroubles } from './stream-troubles.ts'
import type { Moments } from './timestamps.ts'

/** Remembers since when there are troubles. */
export class Troubles {
  /** Time at which each trouble was first noticed, in milliseconds of the clock. */
  #since: ReadonlyMap<string, number> = new Map()

  /** Returns what is wrong now, errors first; called every few seconds, so that the beginnings are right. */
  look(streams: readonly StreamStatus[], facts: ProgramFacts, now: PresentTime, moment: Moments): readonly Trouble[] {
    const ofStreams = streams.flatMap((stream) => streamTroubles(stream, now.wall))
    // While the hub is away, that is the reason, once for all streams.
    const isAway = facts.hub?.isConnected === false
    const found = [...programTroubles(facts, now), ...ofStreams.filter(({ kind }) => kind !== 'origin' || !isAway)]
    this.#since = new Map(found.map((trouble) => [keyOf(trouble), this.#since.get(keyOf(trouble)) ?? now.clock]))
    const withTime = (trouble: FoundTrouble): Trouble => {
      return { ...trouble, since: trouble.since ?? moment(this.#since.get(keyOf(trouble)) ?? now.clock) }
    }
    const troubles = found.map(withTime)
    return [...troubles.filter(isError), ...troubles.filter((trouble) => !isError(trouble))]
  }
}

function keyOf({ kind, stream }: FoundTrouble): string {
  return `${kind} ${stream}`
}

function isError({ severity }: Trouble): boolean {
  return severity === 'error'
}
