import type { AccessLogFile } from '../access/access-log-file.ts'
import type { BanFile, BansChanged } from '../access/ban-file.ts'
import { ConnectionLimits, type SharedConnections, shareConnections } from '../access/connection-limits.ts'
import { createTrustedProxies } from '../access/trusted-proxies.ts'
import type { ClientsPlan } from '../plan/program-plan.ts'
import type { Runtime } from '../system/runtime.ts'
import type { ThreadSettings } from '../threads/messages.ts'
import type { Reception } from '../transport/http/read-head.ts'

/** What the front doors of all threads know of clients. */
export interface Clients {
  readonly reception: Pick<Reception, 'proxies' | 'accessLog' | 'bans'> & { readonly limits: ConnectionLimits }
  readonly settings: Pick<ThreadSettings, 'trustedProxies' | 'hasAccessLog' | 'connections' | 'banned'>
  /** Undefined: there is none. */
  readonly accessLog: AccessLogFile | undefined
  /** Begins to follow the changes of the file of bans. @param changed called when it has changed */
  followBans(changed: BansChanged): void
  /** Stops that, and writes the access log to its end. */
  end(): Promise<void>
}

/** Slots of delivery threads, at least; a thread of a program with more shares the last one. */
const MIN_SLOTS = 4

/** Makes what is configured, and reads the file of bans; the file of the access log is not open yet. @param cores maximum number of threads */
export async function openClients(plan: ClientsPlan, cores: number, runtime: Runtime): Promise<Clients> {
  const { trustedProxies, banFile } = plan
  const accessLog = await createAccessLog(plan.accessLog, runtime)
  const connections = connectionsOf(plan, cores)
  const bans = await readBans(banFile, runtime)
  const limits = new ConnectionLimits(connections, 0)
  return {
    reception: { proxies: createTrustedProxies(trustedProxies), accessLog, limits, bans: bans?.list },
    settings: { trustedProxies, hasAccessLog: accessLog !== undefined, connections, banned: bans?.entries },
    accessLog,
    followBans: (changed) => bans?.follow(changed),
    async end() {
      bans?.stop()
      await accessLog?.close()
    },
  }
}

/** Reads the file for the first time. */
async function readBans(path: string | undefined, { clock, log }: Runtime): Promise<BanFile | undefined> {
  if (path === undefined) return undefined
  const { BanFile: File } = await import('../access/ban-file.ts')
  const bans = new File(path, clock, log)
  await bans.check()
  return bans
}

/** They are counted without limits as well. */
function connectionsOf(plan: ClientsPlan, cores: number): SharedConnections {
  const { maxConnections: all, maxConnectionsPerAddress: ofAddress } = plan
  return shareConnections({ all, ofAddress }, Math.max(cores, MIN_SLOTS))
}

async function createAccessLog(path: string | undefined, { clock, log }: Runtime): Promise<AccessLogFile | undefined> {
  if (path === undefined) return undefined
  const { AccessLogFile: File } = await import('../access/access-log-file.ts')
  return new File(path, clock, log)
}
