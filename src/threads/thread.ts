/** The program of a delivery thread: delivery and transport of the frames that the main thread reads. */
import { parentPort, workerData } from 'node:worker_threads'
import { BanList } from '../access/ban-list.ts'
import { ConnectionLimits } from '../access/connection-limits.ts'
import type { CountRefusal } from '../access/refusal-counts.ts'
import { ShunnedNetworks } from '../access/shunned-networks.ts'
import { createTrustedProxies } from '../access/trusted-proxies.ts'
import { createDeliveries } from '../delivery/deliveries.ts'
import { Visits } from '../delivery/visits.ts'
import { RingMemory } from '../ring/ring-memory.ts'
import { systemClock } from '../system/clock.ts'
import { endListeners } from '../transport/end-listeners.ts'
import { createFrontDoor } from '../transport/front-door.ts'
import type { LineReception, Reception } from '../transport/http/read-head.ts'
import { addressOf, bind } from '../transport/listening.ts'
import { isShoutcastLine } from '../transport/publish/shoutcast-line.ts'
import { createRoutes, type TakeRequest } from '../transport/routes.ts'
import { StreamAccess } from '../transport/stream-access.ts'
import { createForward } from './forward.ts'
import { createForwardedSockets } from './forwarded-sockets.ts'
import type { MoveListeners, Order, Report, ThreadData } from './messages.ts'
import { PostedLines } from './posted-lines.ts'
import { RemoteGate } from './remote-gate.ts'
import { Replicas } from './replicas.ts'
import { createThreadLog } from './thread-log.ts'

const main = parentPort
if (main === null) throw new Error('this runs as a thread')
const settings = workerData as ThreadData
const { thread, taken, address, headerTimeoutMs, writeMemory, ringBytes, pair, debug } = settings

const clock = systemClock
const post = (report: Report) => main.postMessage(report)
const log = createThreadLog(thread, debug, (record) => post({ kind: 'log', record }))
const countRefusal: CountRefusal = (cause) => post({ kind: 'refused', cause })
const replicas = new Replicas(new RingMemory(ringBytes), post, log)
const deliveryOf = createDeliveries(writeMemory, clock)
const visits = new Visits(thread, deliveryOf)
const forwarded = createForwardedSockets((message, memory) => main.postMessage(message, memory))
const forward = createForward(forwarded, (id, origin) => post({ kind: 'forward', id, origin }))
const tls = pair && (await import('../tls/secure-sockets.ts')).createSecureSockets(pair, log)
// Publishers are in the main thread. Browsers ask for permissions of streams as often as they play them.
const take: TakeRequest = ({ method, headers }, socket) => {
  const isForStreams = method === 'GET' || method === 'HEAD' || (method === 'OPTIONS' && headers.has('origin'))
  return !isForStreams && forward({ socket })
}
const gate = new RemoteGate(post)
const access = new StreamAccess(gate, visits, countRefusal)
const handle = createRoutes(replicas, deliveryOf, visits, access, take, forward, clock, log)
const lines: LineReception = { accepts: isShoutcastLine, handle: (_line, socket) => void forward({ socket }) }
const proxies = createTrustedProxies(settings.trustedProxies)
const accessLog = settings.hasAccessLog
  ? new PostedLines((text) => post({ kind: 'accessed', lines: text }), clock)
  : undefined
const limits = settings.connections && new ConnectionLimits(settings.connections, settings.slot)
const bans = new BanList()
bans.replace(settings.banned ?? [])
const shunned = new ShunnedNetworks(clock)
const clients = { proxies, accessLog, limits, shunned, bans: settings.banned && bans }
const reception: Reception = { timeoutMs: headerTimeoutMs, handle, secure: tls?.secure, lines, ...clients }
const frontDoor = createFrontDoor(reception, countRefusal, clock, log, (client) => {
  post({ kind: 'no room', client })
  return true
})
async function move({ from, to, id }: MoveListeners): Promise<void> {
  try {
    const [source, destination] = await Promise.all([replicas.find(from), replicas.find(to)])
    if (source !== undefined && destination !== undefined) visits.move(source, destination, id)
  } catch (error) {
    log.error('listeners not moved', { path: from, error: String(error) })
  }
}

const takenBytes = new Float64Array(taken)

main.on('message', (order: Order) => {
  if (order.kind === 'forwarded') return forwarded.take(order)
  takenBytes[0] = (takenBytes[0] ?? 0) + replicas.take(order)
  if (order.kind === 'shut') {
    frontDoor.shut()
    post({ kind: 'shut' })
  } else if (order.kind === 'make room') {
    frontDoor.endOthersFor(order.client)
  } else if (order.kind === 'banned') {
    bans.replace(order.entries)
    visits.endThose((client) => bans.has(client), 'banned')
    frontDoor.endBanned()
  } else if (order.kind === 'shun') {
    shunned.add(order.network, order.ms)
  } else if (order.kind === 'access') {
    gate.take(order.listener, order.answer)
  } else if (order.kind === 'end listener') {
    visits.end(order.id, order.why)
  } else if (order.kind === 'move listeners') {
    void move(order)
  } else if (order.kind === 'pair') {
    tls?.use(order.pair)
  } else if (order.kind === 'end') {
    void end()
  }
})

async function end(): Promise<void> {
  await endListeners(replicas.streams(), deliveryOf, frontDoor)
  accessLog?.flush()
  post({ kind: 'ended' })
}

await bind(frontDoor.server, address, true)
post({ kind: 'listening', port: addressOf(frontDoor.server).port })
