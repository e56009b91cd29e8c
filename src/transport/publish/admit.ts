import type { PublishQuestion } from '../../access/callbacks/publish-callbacks.ts'
import type { Credentials } from '../../access/logins.ts'
import type { PublisherGate } from '../../access/publisher-gate.ts'
import type { PublishPlan } from '../../plan/stream-plan.ts'
import type { Publishing, PublishPoint } from '../../station/publishing.ts'
import { encodePath } from '../../stream/encode-path.ts'
import type { Clock } from '../../system/clock.ts'
import type { AdminTitles } from './admin-titles.ts'
import type { RefusalLog } from './refusal-log.ts'
import { deniedBecause, FOR_BROWSERS, OF_GATE, type Refusal, refusalOf } from './refusals.ts'

/** What the wire forms of publishers share. */
export interface PublisherParts {
  readonly publishing: Publishing
  readonly gate: PublisherGate
  readonly titles: AdminTitles
  readonly refusals: RefusalLog
  readonly clock: Clock
}

/** Returns the credentials that a client offers at a point with these rules; undefined: none. */
type OfferedAt = (rules: PublishPlan) => Credentials | undefined

/** A client that wants to publish, or to set a title. */
export interface AskingClient extends Omit<PublishQuestion, 'mount'> {
  /** See `networkOf`. */
  readonly network: string
}

/** Finds the point at a path, and checks whether a client may publish there. */
export async function admit(
  { publishing, gate }: Pick<PublisherParts, 'publishing' | 'gate'>,
  path: string,
  offeredAt: OfferedAt,
  client: AskingClient,
): Promise<PublishPoint | Refusal> {
  const point = await publishing.at(path)
  if (typeof point === 'string') return refusalOf(point)
  const { rules } = point
  if (rules === undefined) return FOR_BROWSERS
  const { network, ...asking } = client
  const verdict = await gate.check(rules, offeredAt(rules), network, { ...asking, mount: encodePath(path) })
  if (verdict === 'granted') return point
  return typeof verdict === 'object' ? deniedBecause(verdict.denied) : OF_GATE[verdict]
}
