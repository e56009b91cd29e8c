import { isSameSecret } from '../../access/passwords/same-secret.ts'
import type { PublishPlan } from '../../plan/stream-plan.ts'
import type { Publishing, PublishPoint } from '../../station/publishing.ts'

/** Path of SHOUTcast's server, which has one stream. */
const DEFAULT_PATH = '/stream'

/**
 * Returns the path of a client that names none, because SHOUTcast 1 knows only passwords: that of the one configured stream that
 * accepts the password, or else the default.
 * @returns for a password that no stream accepts, the path of any, so that it is refused and counted as wrong there
 */
export async function findShoutcastPath(publishing: Publishing, password: string, isOnAir = false): Promise<string> {
  const points = publishing.points().filter((point) => point.rules && (!isOnAir || point.publication))
  const [only, another] = points.filter(({ rules }) => accepts(rules, password))
  if (only !== undefined && another === undefined) return only.path
  const standard = await publishing.at(DEFAULT_PATH)
  if (only !== undefined || (typeof standard !== 'string' && accepts(standard.rules, password))) return DEFAULT_PATH
  return (points.find(asksGate) ?? points[0])?.path ?? DEFAULT_PATH
}

function accepts(rules: PublishPlan | undefined, password: string): boolean {
  if (rules === undefined || rules.anybody) return rules !== undefined
  return rules.password !== undefined && isSameSecret(rules.password, password)
}

/** Only the gate knows the passwords of a file, and those that a URL accepts. */
function asksGate({ rules }: PublishPoint): boolean {
  return rules?.usersFile !== undefined || rules?.url !== undefined
}
