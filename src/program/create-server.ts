import { RefusalCounts } from '../access/refusal-counts.ts'
import type { Announcing } from '../announcing/announcing.ts'
import { createDeliveries } from '../delivery/deliveries.ts'
import { Visits } from '../delivery/visits.ts'
import { makeUpToken } from '../endpoints/live/live-token.ts'
import { isLoopback } from '../endpoints/own-address.ts'
import type { Address, ProgramPlan } from '../plan/program-plan.ts'
import type { OrphanGuard } from '../source/exec/orphan-guard.ts'
import { bufferMemory } from '../system/buffer-memory.ts'
import { becomeUser } from '../system/drop-rights.ts'
import type { Runtime } from '../system/runtime.ts'
import type { ThreadSettings } from '../threads/messages.ts'
import type { Threads } from '../threads/threads.ts'
import { createThreadsByLoad } from '../threads/threads-by-load.ts'
import type { Delegate } from '../transport/delegate.ts'
import type { FrontDoor } from '../transport/front-door.ts'
import { addressOf, adopt, listen } from '../transport/listening.ts'
import { openAnnouncing } from './open-announcing.ts'
import { type Clients, openClients } from './open-clients.ts'
import type { OpenEntry } from './open-entry.ts'
import { type DoorParts, type LaterParts, openFrontDoor } from './open-front-door.ts'
import { openHls } from './open-hls.ts'
import { openLevels } from './open-levels.ts'
import { type OpenedPages, openPages } from './open-pages.ts'
import { openStreams } from './open-streams.ts'
import type { OpenedTls } from './open-tls.ts'
import type { Server } from './server.ts'

/** Surroundings of a server that its plan does not have. */
export interface ServerHost {
  /** Ends children that outlive the program. */
  readonly guard: OrphanGuard
  /** Number of threads that may deliver, main thread included. */
  readonly cores: number
  /** A descriptor that listens already; undefined: the address of the plan is bound. */
  readonly socket: number | undefined
  /** Handles requests that are not for the bytes of a stream; undefined: the pages do. */
  readonly delegate?: Delegate
  /** Makes the streams of plans; undefined: from their sources. */
  readonly openEntry?: OpenEntry
  /** Address of the threads; undefined: that of the program, which the kernel shares among them. */
  readonly threadAddress?: Address
}

/** A server with its pages. */
export interface ServerWithPages extends Server {
  readonly pages: OpenedPages
  /** Undefined: the streams are not announced. */
  readonly announcing: Announcing | undefined
}

/**
 * Wires the rooms together, from left to right: opens the streams, listens, and serves.
 * @throws one of the errors with an exit code; see run.ts
 */
export async function createServer(plan: ProgramPlan, host: ServerHost, runtime: Runtime): Promise<ServerWithPages> {
  const memory = bufferMemory(plan.bufferMemory, host.cores)
  const doorParts = await openDoorParts(plan, memory, host, runtime)
  const { streams, tls, clients } = doorParts
  const hls = await openHls(streams, runtime.clock)
  const later: LaterParts = {
    delegate: (other) => (host.delegate ?? pages.delegate)(other),
    threads: () => threads,
    port: () => address.port,
  }
  const door = openFrontDoor(plan, doorParts, later, runtime)
  const { frontDoor } = door
  const [url, ...furtherUrls] = await listenAs(plan, host, frontDoor, runtime)
  // As the user that opens it again later, and that records.
  clients.accessLog?.open()
  streams.recordings.clean()
  const address = addressOf(frontDoor.server)
  const settings = { ...threadSettings(plan, host.threadAddress ?? address, memory, tls), ...clients.settings }
  const threads = openThreads(host.cores, settings, doorParts, door, runtime)
  const stopCertificate = tls?.follow((pair) => threads.useCertificate(pair))
  const server: Server = {
    ...streams,
    ...doorParts,
    ...door.gates,
    url,
    furtherUrls,
    address,
    isSecure: tls !== undefined,
    isAlone: [address, ...plan.listen.addresses.slice(1)].every(({ host: name }) => isLoopback(name ?? '')),
    liveToken: plan.pages.liveToken ?? (plan.pages.talk ? makeUpToken() : undefined),
    connections: () => clients.reception.limits.open,
    levels: openLevels(streams, runtime.clock),
    hls,
    frontDoor,
    threads,
    certificateEndsAt: () => tls?.endsAt(),
    stopCertificate: () => stopCertificate?.(),
  }
  const pages = openPages(server, runtime)
  return { ...server, pages, announcing: await openAnnouncing(server, runtime) }
}

/** Opens what the front door passes clients to. */
async function openDoorParts(
  plan: ProgramPlan,
  memory: ReturnType<typeof bufferMemory>,
  host: ServerHost,
  runtime: Runtime,
): Promise<DoorParts> {
  const streams = await openStreams(plan, memory, host, runtime)
  const deliveryOf = createDeliveries(memory.writes, runtime.clock)
  const parts = { streams, deliveryOf, visits: new Visits(0, deliveryOf), refusals: new RefusalCounts() }
  const tls = await openTlsOf(plan, runtime)
  return { ...parts, tls, clients: await openClients(plan.clients, host.cores, runtime) }
}

/** Makes the delivery threads, which start when one core is busy. They share the bans. */
function openThreads(
  cores: number,
  settings: ThreadSettings,
  { streams, visits, refusals, clients }: DoorParts,
  { gates, frontDoor }: ReturnType<typeof openFrontDoor>,
  { clock, log }: Runtime,
): Threads {
  const { receive, endOthersFor } = frontDoor
  const parts = { station: streams.registry, countRefusal: refusals.add, gate: gates.listeners }
  const threads = createThreadsByLoad(
    cores,
    settings,
    { ...parts, receive, endOthersFor, ...clients.reception },
    clock,
    log,
  )
  clients.followBans((bans, entries) => {
    visits.endThose((client) => bans.has(client), 'banned')
    frontDoor.endBanned()
    threads.ban(entries)
  })
  return threads
}

function threadSettings(
  { listen: { headerTimeoutMs }, log: { debug } }: ProgramPlan,
  address: Address,
  { writes: writeMemory, ring: ringBytes }: ReturnType<typeof bufferMemory>,
  tls: OpenedTls | undefined,
): Omit<ThreadSettings, keyof Clients['settings']> {
  return { address, headerTimeoutMs, writeMemory, ringBytes, pair: tls?.pair, debug }
}

/** TLS is loaded on demand, because it takes 5 MB. @throws CertificateError */
async function openTlsOf({ listen: plan }: ProgramPlan, runtime: Runtime): Promise<OpenedTls | undefined> {
  if (plan.tls === undefined) return undefined
  const { openTls } = await import('./open-tls.ts')
  return openTls(plan.tls, plan.addresses[0], runtime)
}

/**
 * Listens, and gives up the rights that only listening needs. Threads share the first address only.
 * @returns the URLs of all addresses @throws ListenError, UserError
 */
async function listenAs(
  { listen: { addresses, uid } }: ProgramPlan,
  { socket, cores }: ServerHost,
  { server, another }: FrontDoor,
  { log }: Runtime,
): Promise<[string, ...string[]]> {
  const [first, ...further] = addresses
  const url = socket === undefined ? await listen(server, first, cores > 1, log) : await adopt(server, socket)
  const urls: [string, ...string[]] = [url]
  for (const address of further) urls.push(await listen(another(), address, false, log))
  if (uid !== undefined) becomeUser(uid)
  return urls
}
