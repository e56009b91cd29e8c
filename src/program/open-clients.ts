import type { AccessLogFile } from '../access/access-log-file.ts'
import { createTrustedProxies } from '../access/trusted-proxies.ts'
import type { ClientsPlan } from '../plan/program-plan.ts'
import type { Runtime } from '../system/runtime.ts'
import type { ThreadSettings } from '../threads/messages.ts'
import type { Reception } from '../transport/http/read-head.ts'

/** What the front doors of all threads know of clients. */
export interface Clients {
  readonly reception: Pick<Reception, 'proxies' | 'accessLog'>
  readonly settings: Pick<ThreadSettings, 'trustedProxies' | 'hasAccessLog'>
  /** Undefined: there is none. */
  readonly accessLog: AccessLogFile | undefined
}

/** Makes what is configured; the file of the access log is not open yet. */
export async function openClients(plan: ClientsPlan, runtime: Runtime): Promise<Clients> {
  const { trustedProxies } = plan
  const accessLog = await createAccessLog(plan.accessLog, runtime)
  return {
    reception: { proxies: createTrustedProxies(trustedProxies), accessLog },
    settings: { trustedProxies, hasAccessLog: accessLog !== undefined },
    accessLog,
  }
}

async function createAccessLog(path: string | undefined, { clock, log }: Runtime): Promise<AccessLogFile | undefined> {
  if (path === undefined) return undefined
  const { AccessLogFile: File } = await import('../access/access-log-file.ts')
  return new File(path, clock, log)
}
