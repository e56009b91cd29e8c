import { isSameSecret } from '../../access/passwords/same-secret.ts'
import type { PublishPlan } from '../../plan/stream-plan.ts'
import type { Publishing } from '../../station/publishing.ts'

/** Path of SHOUTcast's first server, which has one stream. */
const DEFAULT_PATH = '/stream'

/**
 * Returns the path of a client that names none: SHOUTcast 1 knows only passwords.
 * @returns the path of the one configured stream that accepts the password. With several it is ambiguous.
 */
export function findShoutcastPath(publishing: Publishing, password: string, mustBeOnAir = false): string {
  const points = publishing.points().flatMap(({ path, rules, publication }) => {
    return rules === undefined || (mustBeOnAir && publication === undefined) ? [] : { path, rules }
  })
  const certain = points.filter(({ rules }) => accepts(rules, password))
  const possible = points.filter(({ rules }) => rules.usersFile !== undefined)
  const [only, another] = [certain, possible, points].find((found) => found.length > 0) ?? []
  return only === undefined || another !== undefined ? DEFAULT_PATH : only.path
}

function accepts(rules: PublishPlan, password: string): boolean {
  return rules.anybody || (rules.password !== undefined && isSameSecret(rules.password, password))
}
