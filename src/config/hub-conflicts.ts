/** Options of the hub that need another one, or exclude one. */
import type { Config } from './config.ts'
import { UsageError } from './usage-error.ts'

/** @throws UsageError about the first option of the program that has no effect without a hub */
export function refuseHubOfNothing({ hub, hubCredentials, hubCa, hubOrigin }: Config): void {
  if (hub !== undefined) return refusePlainCa(hub, hubCa)
  const given = { 'hub-credentials': hubCredentials, 'hub-ca': hubCa, 'hub-origin': hubOrigin }
  const flag = Object.entries(given).find(([, value]) => value !== undefined)?.[0]
  if (flag !== undefined) throw needsHub(`-${flag}`, flag)
}

function refusePlainCa(hub: readonly string[], hubCa: string | undefined): void {
  if (hubCa === undefined || hub.every((server) => server.startsWith('tls:'))) return
  throw new UsageError('-hub-ca: needs addresses with tls:// in -hub', 'hub-ca', hubCa)
}

/** @throws UsageError about the first option of a stream that has no effect, or that its hub excludes */
export function refuseHubConflicts(config: Config): void {
  const { hub, hubPublish, hubName, from, command, headerBytes } = config
  const read = from !== undefined && 'hub' in from ? from.hub : undefined
  if (read === '*' && config.relay !== undefined) {
    throw new UsageError('-relay: cannot stand in for all streams of a hub (-from "hub:*")', 'relay', undefined)
  }
  if (hubName !== undefined && !hubPublish) throw new UsageError('-hub-name: needs -hub-publish', 'hub-name', hubName)
  if (hubPublish && hub === undefined) throw needsHub('-hub-publish', 'hub-publish')
  if (hubPublish && config.closeIdle) {
    const message = '-hub-publish: cannot be combined with -close-idle: edges need its frames without listeners here'
    throw new UsageError(message, 'close-idle', undefined)
  }
  if (read === undefined) return
  if (hub === undefined) throw needsHub(`-from "hub:${read}"`, 'from')
  const isGiven = { 'hub-publish': hubPublish, exec: command !== undefined, 'header-bytes': headerBytes > 0 }
  const flag = FLAGS.find((name) => isGiven[name])
  if (flag === undefined) return
  throw new UsageError(`-from "hub:${read}": cannot be combined with -${flag}: ${EXCLUDED[flag]}`, flag, undefined)
}

/** Why options cannot be those of a stream of the hub. */
const EXCLUDED = {
  'hub-publish': 'it is on the hub already',
  exec: 'a command reads another stream of this program: add a section for it',
  'header-bytes': 'the origin sends its header',
} as const
const FLAGS = Object.keys(EXCLUDED) as readonly (keyof typeof EXCLUDED)[]

function needsHub(what: string, flag: string): UsageError {
  return new UsageError(`${what}: needs -hub, the addresses of the NATS servers`, flag, undefined)
}
