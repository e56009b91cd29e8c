import { hostname } from 'node:os'
import type { Announcing } from '../announcing/announcing.ts'
import { isLoopback } from '../endpoints/own-address.ts'
import type { AnnouncingPlan } from '../plan/program-plan.ts'
import type { Runtime } from '../system/runtime.ts'
import type { Server } from './server.ts'

const ALL_ADDRESSES = new Set(['0.0.0.0', '::'])

/** Announces the streams if the plan says so; what does it is loaded on demand. */
export async function openAnnouncing(
  server: Pick<Server, 'current' | 'registry' | 'events' | 'address' | 'furtherUrls' | 'isAlone'>,
  runtime: Runtime,
): Promise<Announcing | undefined> {
  const { current, registry, events, isAlone } = server
  const { mdns, directories: urls, publicUrl } = current.plan.announcing
  if (mdns && isAlone) {
    runtime.log.warn('mDNS announcement failed', { reason: 'the program listens to this machine only' })
  }
  const hasServices = mdns && !isAlone
  if (!hasServices && urls.length === 0) return undefined
  const { startAnnouncing } = await import('../announcing/announcing.ts')
  const services = hasServices ? await openServices(server, runtime) : undefined
  const directories = publicUrl === undefined ? undefined : await openDirectories(urls, publicUrl, runtime)
  return startAnnouncing({ services, directories }, registry, events, runtime)
}

async function openServices({ address, furtherUrls }: Pick<Server, 'address' | 'furtherUrls'>, { log }: Runtime) {
  const { NetworkServices } = await import('../announcing/network-services.ts')
  const hosts = [address.host ?? '::', ...furtherUrls.map((url) => new URL(url).hostname.replaceAll(/[[\]]/g, ''))]
  const only = hosts.some((host) => ALL_ADDRESSES.has(host)) ? undefined : hosts.filter((host) => !isLoopback(host))
  const [host = 'streamserve'] = hostname().split('.')
  return new NetworkServices({ host, port: address.port, only }, log)
}

async function openDirectories(urls: AnnouncingPlan['directories'], publicUrl: string, { clock }: Runtime) {
  const { Directories } = await import('../announcing/directories.ts')
  return new Directories(urls, publicUrl, clock)
}
