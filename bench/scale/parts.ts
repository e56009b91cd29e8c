/** Parts of the product that the simulation runs; a fault of the negative control replaces one of them. */

import { type ChoiceReceiver, OriginChoice } from '../../src/hub/edge/origin-choice.ts'
import { reconnectPause } from '../../src/hub/nats/reconnect-pause.ts'
import { createBackOff } from '../../src/source/supervise/back-off.ts'
import type { Clock } from '../../src/system/clock.ts'
import { retryPause } from '../../src/web/shared/retry-pause.ts'
import type { HubPause } from './hub-member.ts'
import { HUB_SERVERS } from './plan.ts'

/** What an edge uses of `OriginChoice`. */
export type Choice = Pick<OriginChoice, 'take' | 'reconnected' | 'heard' | 'counters' | 'close'>

/** Returns the pause before a connection is opened again, in milliseconds. @param losses those in a row, before this one */
export type Pause = (losses: number, random: number) => number

export interface Parts {
  makeChoice(receiver: ChoiceReceiver, clock: Clock): Choice
  /** Of the player page. */
  readonly pagePause: Pause
  /** Of a streamserve that relays from an edge. */
  readonly relayPause: Pause
  /** Of clients of the hub. */
  readonly hubPause: HubPause
  /** Origins send the last seconds again. */
  readonly resends: boolean
  /** Distance behind the newest frame at which listeners start, in milliseconds; see `-burst`. */
  readonly burstMs: number
  /** Number of edges of which the balancer chooses the one with the fewest connections; haproxy: `balance random(2)`. */
  readonly draws: number
}

const BURST_MS = 2_000
/** Duration of a connection that worked, in milliseconds. */
const WORKED_MS = 60_000

/** Returns the pauses of a source that has worked until it failed, and fails since. */
function sourcePauses(count: number): number[] {
  const backOff = createBackOff({})
  const worked = { livedMs: WORKED_MS, frames: 1, paced: false, failed: true }
  const refused = { livedMs: 0, frames: 0, paced: false, failed: true }
  return Array.from({ length: count }, (_, losses) => backOff.next(losses === 0 ? worked : refused))
}

const RELAY_PAUSES = sourcePauses(20)

export const PRODUCT: Parts = {
  makeChoice: (receiver, clock) => new OriginChoice(receiver, clock),
  pagePause: retryPause,
  relayPause: (losses) => RELAY_PAUSES[losses] ?? RELAY_PAUSES.at(-1) ?? 0,
  hubPause: (failures, random) => reconnectPause(failures, HUB_SERVERS, random),
  resends: true,
  burstMs: BURST_MS,
  draws: 2,
}
