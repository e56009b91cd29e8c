import { HUB_SERVERS } from './plan.ts'
import type { World } from './world.ts'

/** What happens in the simulation, and which edges it concerns. */
export interface Happening {
  readonly what: string
  /** From when to when it may show, in milliseconds. */
  readonly from: number
  readonly until: number
  /** Numbers of the edges that it concerns in particular: those of a server that ended; undefined: all. */
  readonly edges: ReadonlySet<number> | undefined
}

const S = 1_000
/** Everything is over after this time, in milliseconds. */
export const END_MS = 330 * S

/** Names of what happens. */
export const SERVER_KILLED = 'hub server killed'
export const PARTITION = 'partition'
export const ORIGIN_KILLED = 'origin killed'
export const ORIGIN_FROZEN = 'origin frozen'
export const ORIGIN_SLOW = 'origin at half speed'
export const HUB_AWAY = 'all hub servers away'

/** Time for which all hub servers are away, in milliseconds. */
export const HUB_AWAY_MS = 10 * S
const PARTITION_MS = 6 * S
const FROZEN_MS = 5 * S
const SLOW_MS = 10 * S
const OUTAGE_MS = 20 * S
/** Share of the listeners that an outage cuts off. */
const OUTAGE_SHARE = 0.3
/** Time in which the effects of something show, in milliseconds. */
const EFFECT_MS = 4 * S
/** Time until the balancer takes an edge again after its start, in milliseconds. */
const RISE_MS = 3 * S
/** Maximum by which the times of a seed differ from those of another, in milliseconds. */
const SPREAD_MS = 900

/** Sets the timers of all that happens. @returns what has happened so far, which grows */
export function schedule(world: World): readonly Happening[] {
  const { clock, random, hub, origins, edges, listeners } = world
  const happenings: Happening[] = []
  const add = (what: string, ms: number, concerned?: ReadonlySet<number>) => {
    const from = clock.now()
    happenings.push({ what, from, until: from + ms + EFFECT_MS, edges: concerned })
  }
  const at = (seconds: number, run: () => void) => void clock.at(seconds * S + SPREAD_MS * random.next(), run)
  const [first, second] = origins
  for (const [i, origin] of origins.entries()) origin.start((client) => hub.connect(client, i + 1))
  for (const [i, edge] of edges.entries()) clock.at(100 + i, () => edge.start(i % HUB_SERVERS))

  for (const [i, seconds] of [110, 135, 150].entries()) {
    at(seconds, () => {
      const server = (i + 1) % HUB_SERVERS
      add(SERVER_KILLED, 0, new Set([...edges.keys()].filter((edge) => edges[edge]?.server === server)))
      hub.kill(server)
    })
    at(seconds + 12, () => hub.revive((i + 1) % HUB_SERVERS))
  }

  at(170, () => {
    add(ORIGIN_KILLED, 0)
    first?.kill()
  })
  // Clients of the hub stay where they are: both origins may be at one server by now.
  at(180, () => first?.start((client) => hub.connect(client, ((second?.server ?? 0) + 1) % HUB_SERVERS)))
  at(192, () => {
    add(PARTITION, PARTITION_MS)
    hub.partition(second?.server ?? 0, PARTITION_MS)
  })
  at(212, () => {
    add(ORIGIN_FROZEN, FROZEN_MS)
    second?.become('frozen')
    clock.after(FROZEN_MS, () => second?.become('live'))
  })
  at(230, () => {
    add(ORIGIN_SLOW, SLOW_MS)
    first?.become('slow')
    clock.after(SLOW_MS, () => first?.become('live'))
  })

  const endEdge = (number: number, cause: 'edge ended' | 'edge without power', awayMs: number) => {
    edges[number]?.kill()
    listeners.loseEdge(number, cause)
    clock.after(awayMs, () => edges[number]?.start(number % HUB_SERVERS))
    clock.after(awayMs + RISE_MS, () => listeners.restoreEdge(number))
  }
  const last = edges.length - 1
  at(92, () => endEdge(last, 'edge ended', 20 * S))
  at(100, () => endEdge(last - 1, 'edge without power', 25 * S))
  at(142, () => endEdge(last - 2, 'edge ended', 15 * S))
  at(265, () => listeners.cutOff(OUTAGE_SHARE, OUTAGE_MS))

  at(305, () => {
    add(HUB_AWAY, HUB_AWAY_MS)
    for (let server = 0; server < HUB_SERVERS; server++) hub.kill(server)
    clock.after(HUB_AWAY_MS, () => {
      for (let server = 0; server < HUB_SERVERS; server++) hub.revive(server)
    })
  })
  return happenings
}
