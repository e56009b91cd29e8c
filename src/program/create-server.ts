import type { AdminGate } from '../access/admin-gate.ts'
import type { PublisherGate } from '../access/publisher-gate.ts'
import { type CountRefusal, RefusalCounts } from '../access/refusal-counts.ts'
import { createDeliveries } from '../delivery/deliveries.ts'
import { Visits } from '../delivery/visits.ts'
import { makeUpToken } from '../endpoints/live/live-token.ts'
import { isLoopback } from '../endpoints/own-address.ts'
import { EventLog } from '../events/event-log.ts'
import { Feed } from '../events/feed.ts'
import { reportEvents } from '../events/stream-changes.ts'
import { openHooks } from '../hooks/hooks.ts'
import { LevelMeters } from '../level/level-meters.ts'
import type { Address, ProgramPlan } from '../plan/program-plan.ts'
import { RingMemory } from '../ring/ring-memory.ts'
import type { OrphanGuard } from '../source/exec/orphan-guard.ts'
import { PathCounters } from '../station/path-counters.ts'
import { Registry } from '../station/station.ts'
import type { EventOfStream } from '../stream/stream-event.ts'
import { type BufferMemory, bufferMemory } from '../system/buffer-memory.ts'
import type { Clock } from '../system/clock.ts'
import { becomeUser } from '../system/drop-rights.ts'
import { Emitter } from '../system/emitter.ts'
import type { Runtime } from '../system/runtime.ts'
import type { ThreadSettings } from '../threads/messages.ts'
import { createThreadsByLoad } from '../threads/threads-by-load.ts'
import type { Delegate } from '../transport/delegate.ts'
import { createFrontDoor, type FrontDoor } from '../transport/front-door.ts'
import { addressOf, adopt, listen } from '../transport/listening.ts'
import { createPublishers } from '../transport/publish/publishers.ts'
import { createRoutes } from '../transport/routes.ts'
import { InnerListeners } from './inner-listeners.ts'
import { type Clients, openClients } from './open-clients.ts'
import { type OpenEntry, openEntry, type StreamParts } from './open-entry.ts'
import { type GateParts, openGates } from './open-gates.ts'
import { type OpenedPages, openPages } from './open-pages.ts'
import { openPublished } from './open-published.ts'
import { StationOpener } from './open-station.ts'
import type { OpenedTls } from './open-tls.ts'
import type { Server, Streams } from './server.ts'

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
}

/**
 * Wires the rooms together, from left to right: opens the streams, listens, and serves.
 * @throws one of the errors with an exit code; see run.ts
 */
export async function createServer(plan: ProgramPlan, host: ServerHost, runtime: Runtime): Promise<ServerWithPages> {
  const { clock, log } = runtime
  const memory = bufferMemory(plan.bufferMemory, host.cores)
  const streams = await openStreams(plan, memory, host, runtime)
  const { registry } = streams
  const deliveryOf = createDeliveries(memory.writes, clock)
  const visits = new Visits(0, deliveryOf)
  const refusals = new RefusalCounts()
  const tls = await openTlsOf(plan, runtime)
  const countRefusal = refusals.add
  const shun: GateParts['shun'] = (network, ms) => threads.shun(network, ms)
  const gates = openGates(plan.admin, { visits, countRefusal, port: () => address.port, shun }, runtime)
  const { admins, access, shunned } = gates
  const { take, lines } = openPublishers(streams, { gate: gates.publishers, admins }, countRefusal, runtime)
  const handle = createRoutes(registry, deliveryOf, visits, access, take, (other) => delegate(other), clock, log)
  const clients = await openClients(plan.clients, host.cores, runtime)
  const limits = { timeoutMs: plan.listen.headerTimeoutMs, shunned, ...clients.reception }
  const reception = { ...limits, handle, secure: tls?.secure, lines }
  const frontDoor = createFrontDoor(reception, countRefusal, clock, log, (client) => threads.makeRoomFor(client))
  const [url, ...furtherUrls] = await listenAs(plan, host, frontDoor, runtime)
  // As the user that opens it again later.
  clients.accessLog?.open()
  const address = addressOf(frontDoor.server)
  const settings = { ...threadSettings(plan, host.threadAddress ?? address, memory, tls), ...clients.settings }
  const { receive, endOthersFor } = frontDoor
  const mainThread = {
    station: registry,
    receive,
    endOthersFor,
    countRefusal,
    gate: gates.listeners,
    ...clients.reception,
  }
  const threads = createThreadsByLoad(host.cores, settings, mainThread, clock, log)
  clients.followBans((bans, entries) => {
    visits.endThose((client) => bans.has(client), 'banned')
    frontDoor.endBanned()
    threads.ban(entries)
  })
  const stopCertificate = tls?.follow((pair) => threads.useCertificate(pair))
  const server: Server = {
    ...streams,
    url,
    furtherUrls,
    address,
    isSecure: tls !== undefined,
    isAlone: [address, ...plan.listen.addresses.slice(1)].every(({ host: name }) => isLoopback(name ?? '')),
    liveToken: plan.pages.liveToken ?? makeUpToken(),
    deliveryOf,
    visits,
    access,
    refusals,
    connections: () => clients.reception.limits.open,
    admins,
    levels: openLevels(streams, clock),
    frontDoor,
    threads,
    certificateEndsAt: () => tls?.endsAt(),
    clients,
    stopCertificate: () => stopCertificate?.(),
  }
  const pages = openPages(server, runtime)
  const delegate = host.delegate ?? pages.delegate
  return { ...server, pages }
}

/** Makes the meters, which measure the streams with hooks of silence, and for the feed all, whenever their sources are open. */
function openLevels({ events, feed, registry }: Streams, clock: Clock): LevelMeters {
  const levels = new LevelMeters(clock, () => feed.isWatched)
  events.subscribe(({ stream, event }) => {
    if (event.kind === 'source opened') levels.measureForHooks(stream)
    else if (event.kind === 'source on air') levels.measureForSubscribers(stream)
  })
  feed.onWatched(() => {
    for (const stream of registry.streams()) levels.measureForSubscribers(stream)
  })
  return levels
}

function threadSettings(
  { listen: { headerTimeoutMs }, log: { debug } }: ProgramPlan,
  address: Address,
  { writes: writeMemory, ring: ringBytes }: ReturnType<typeof bufferMemory>,
  tls: OpenedTls | undefined,
): Omit<ThreadSettings, keyof Clients['settings']> {
  return { address, headerTimeoutMs, writeMemory, ringBytes, pair: tls?.pair, debug }
}

/** Makes the handlers of programs that publish. */
function openPublishers(
  { publishing, current, registry }: Streams,
  { gate, admins }: { readonly gate: PublisherGate; readonly admins: AdminGate },
  countRefusal: CountRefusal,
  { clock, log }: Runtime,
): ReturnType<typeof createPublishers> {
  return createPublishers(
    publishing,
    gate,
    { admins, station: registry },
    () => canPublish(current.plan),
    countRefusal,
    clock,
    log,
  )
}

/** Whether programs can publish at any path. */
function canPublish({ streams, published }: ProgramPlan): boolean {
  return [streams, published].some((plans) => plans.some(({ publish }) => publish !== undefined))
}

async function openStreams(
  plan: ProgramPlan,
  memory: BufferMemory,
  host: ServerHost,
  runtime: Runtime,
): Promise<Streams> {
  const current = { plan }
  const registry = new Registry()
  const inner = new InnerListeners(registry, memory.writes, runtime.clock)
  const events = new Emitter<EventOfStream>()
  const eventLog = new EventLog()
  const hooks = openHooks(eventLog, host.guard, runtime)
  reportEvents(events, eventLog, runtime.clock)
  const parts: StreamParts = {
    ...runtime,
    guard: host.guard,
    memory: new RingMemory(memory.ring),
    inner,
    events,
    counters: new PathCounters(registry),
  }
  const opener = new StationOpener(registry, host.openEntry ?? ((own) => openEntry(own, parts)), parts)
  await opener.open(plan.streams, plan.isStation)
  const published = await openPublished(registry, () => current.plan, parts)
  return { current, registry, opener, events, eventLog, hooks, feed: new Feed(eventLog, runtime.clock), ...published }
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
