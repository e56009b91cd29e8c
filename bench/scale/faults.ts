/** Negative control: faults that are put around the product's code, and the check that has to find each. */

import { OriginChoice } from '../../src/hub/edge/origin-choice.ts'
import type { Parts } from './parts.ts'

export interface Fault {
  readonly name: string
  /** Checks that must fail, by their names. */
  readonly foundBy: readonly string[]
  /** Returns the parts with the fault. */
  readonly put: (parts: Parts) => Parts
}

const HOLD_MS = 150
const LATE_MS = 5_000
/** A burst that a slow player may wish for. */
const LONG_BURST_MS = 60_000

export const FAULTS: readonly Fault[] = [
  {
    name: 'repeated frames are not dropped',
    foundBy: ['frames twice'],
    put: (parts) => ({
      ...parts,
      makeChoice(receiver, clock) {
        const choice = parts.makeChoice(receiver, clock)
        const seen = new WeakSet<Buffer>()
        const take: OriginChoice['take'] = (origin, message, payload) => {
          if (seen.has(payload) && origin === choice.heard) receiver.frames(payload, false)
          seen.add(payload)
          choice.take(origin, message, payload)
        }
        return replaced(choice, take)
      },
    }),
  },
  {
    name: 'another origin is heard only after 5 s of silence',
    foundBy: ['gap, origin killed', 'gap, origin frozen'],
    put: (parts) => ({
      ...parts,
      makeChoice: (receiver, clock) => new OriginChoice(receiver, clock, { silenceMs: LATE_MS, holdMs: HOLD_MS }),
    }),
  },
  {
    name: 'a change of the origin is not a new beginning',
    foundBy: ['frames that do not follow those before'],
    put: (parts) => ({
      ...parts,
      makeChoice: (receiver, clock) =>
        parts.makeChoice(
          { frames: (payload) => receiver.frames(payload, false), askAgain: () => receiver.askAgain() },
          clock,
        ),
    }),
  },
  {
    name: 'origins send nothing again',
    foundBy: ['lost, hub server killed'],
    put: (parts) => ({ ...parts, resends: false }),
  },
  {
    name: 'edges do not ask for missing frames',
    foundBy: ['lost, hub server killed'],
    put: (parts) => ({
      ...parts,
      makeChoice: (receiver, clock) =>
        parts.makeChoice({ frames: (payload, begins) => receiver.frames(payload, begins), askAgain() {} }, clock),
    }),
  },
  {
    name: 'pauses of the player page have no random share',
    foundBy: ['attempts to connect in 0.1 s'],
    put: (parts) => ({ ...parts, pagePause: (losses) => parts.pagePause(losses, 0) }),
  },
  {
    name: 'clients of the hub wait 2 s before they connect again',
    foundBy: ['gap, hub server killed, its edges'],
    put: (parts) => ({ ...parts, hubPause: (failures, random) => 2_000 + parts.hubPause(failures, random) }),
  },
  {
    name: 'listeners start a minute behind',
    foundBy: ['traffic of an edge'],
    put: (parts) => ({ ...parts, burstMs: LONG_BURST_MS }),
  },
  {
    name: 'the balancer takes the edge with the fewest connections of all',
    foundBy: ['connection requests dropped'],
    put: (parts) => ({ ...parts, draws: Number.POSITIVE_INFINITY }),
  },
]

/** Returns a choice with another way to take messages. */
function replaced(
  choice: ReturnType<Parts['makeChoice']>,
  take: OriginChoice['take'],
): ReturnType<Parts['makeChoice']> {
  return {
    take,
    reconnected: () => choice.reconnected(),
    close: () => choice.close(),
    counters: choice.counters,
    get heard() {
      return choice.heard
    },
  }
}
