import type { Config } from '../config/config.ts'
import { likelyType } from '../config/likely-type.ts'
import { wantsTls } from '../config/wants-tls.ts'
import { createDeliveries } from '../delivery/deliveries.ts'
import { makeUpToken } from '../endpoints/live/live-token.ts'
import { isLoopback } from '../endpoints/own-address.ts'
import { RingMemory } from '../ring/ring-memory.ts'
import { createOrphanGuard } from '../source/exec/orphan-guard.ts'
import { replaceableStation } from '../station/replaceable-station.ts'
import { twoStations } from '../station/two-stations.ts'
import { bufferMemory } from '../system/buffer-memory.ts'
import { systemClock } from '../system/clock.ts'
import { becomeUser, cannotChangeUser } from '../system/drop-rights.ts'
import { createLog } from '../system/log.ts'
import { openOutput } from '../system/output.ts'
import { findServiceManager } from '../system/service-manager.ts'
import { coresToUse } from '../threads/cores.ts'
import { createThreadsByLoad } from '../threads/threads-by-load.ts'
import { createFrontDoor } from '../transport/front-door.ts'
import type { RequestHandler } from '../transport/http/read-head.ts'
import { addressOf, adopt, listen } from '../transport/listening.ts'
import { createRoutes, type RouteOptions } from '../transport/routes.ts'
import { announce } from './announce.ts'
import type { Changes } from './changes.ts'
import { greeting } from './demo-banner.ts'
import { logDoubts } from './doubts.ts'
import { endOnSignals, endWithStream, killChildrenAtExit, type Running } from './end.ts'
import { invite } from './https-address.ts'
import { openPublished } from './open-live.ts'
import { openPages } from './open-pages.ts'
import { openStation } from './open-station.ts'
import type { Subject } from './page-subject.ts'
import { reachableUrls } from './reachable.ts'
import { reloadOnHangup, replaceStation } from './reload.ts'
import { logStatistics } from './statistics-log.ts'
import { tellState } from './tell-state.ts'

/** Wires the rooms together, from left to right, and starts. @throws one of the errors with an exit code; see run.ts */
export async function serve(config: Config, doubts: readonly string[]): Promise<void> {
  const clock = systemClock
  const output = openOutput()
  const log = createLog(config.logFormat, config.debug, output)
  const manager = findServiceManager(process.env, process.pid)
  if (config.uid !== undefined && cannotChangeUser()) {
    return (await import('./start-as-user.ts')).startAsUser(config.uid, config, manager.socket, output, log)
  }
  const guard = createOrphanGuard()
  killChildrenAtExit(guard)
  // An end that no user requested is a failure.
  process.exitCode = 1

  // A socket of the service manager cannot be shared with threads.
  const cores = manager.socket === undefined ? coresToUse(config, log) : 1
  const memory = bufferMemory(config.bufferMemory, cores)
  const ringMemory = new RingMemory(memory.ring)
  let opened = await openStation(config, guard, ringMemory, clock, log)
  const programmes = replaceableStation(opened.station)
  const live = config.talk ? openPublished(programmes, config.fill, ringMemory, clock, log) : undefined
  const station = live === undefined ? programmes : twoStations(programmes, live)

  const { maxDelay: maxDelayMs, burst: burstMs, clientMaxBytes } = config
  const policy = { maxDelayMs, burstMs, clientMaxBytes, writeMemory: memory.writes }
  const deliveryOf = createDeliveries(policy, clock)
  const routes = routesOf(config, opened.samples)
  // Loaded on demand, because TLS takes 5 MB.
  const tls = wantsTls(config) ? await (await import('./open-tls.ts')).openTls(config, clock, log) : undefined
  let handle: RequestHandler
  const handleAsNow: RequestHandler = (...asked) => handle(...asked)
  const reception = { timeoutMs: config.headerTimeout, handle: handleAsNow, secure: tls?.secure }
  const frontDoor = createFrontDoor(reception, clock, log, (client) => threads.makeRoomFor(client))

  const address =
    manager.socket === undefined
      ? await listen(frontDoor.server, config.address, cores > 1, log)
      : await adopt(frontDoor.server, manager.socket)
  if (config.uid !== undefined) becomeUser(config.uid)

  const { headerTimeout: headerTimeoutMs, debug } = config
  const { ring: ringBytes } = memory
  const settings = {
    address: addressOf(frontDoor.server),
    headerTimeoutMs,
    policy,
    ringBytes,
    routes,
    pair: tls?.pair,
    debug,
  }
  const { receive, endOthersFor } = frontDoor
  const mainThread = { station, receive, endOthersFor }
  const threads = createThreadsByLoad(cores, settings, mainThread, clock, log)
  tls?.follow((pair) => threads.useCertificate(pair))
  let current = config
  const subject: Subject = {
    station,
    live,
    deliveryOf,
    threads,
    config: () => current,
    samples: () => opened.samples,
    isAlone: isLoopback(settings.address.host ?? ''),
    isSecure: tls !== undefined,
    liveToken: config.liveToken ?? makeUpToken(),
  }
  const pages = openPages(subject, clock, log)
  handle = createRoutes(station, deliveryOf, routes, pages.delegate, clock, log)
  const running: Running = { station, deliveryOf, frontDoor, threads, pages, output, log }
  endOnSignals(running, config.configFile === undefined)
  const onAir = (now: Config) => {
    for (const stream of programmes.streams()) {
      void endWithStream(stream, !now.reopen || !now.loop, running)
      if (now.warm) stream.start()
    }
  }
  const follow = async (next: Config, changes: Changes) => {
    const before = opened
    if (changes.stream) opened = await openStation(next, guard, ringMemory, clock, log)
    current = next
    if (!changes.stream && !changes.answers) return
    const answers = routesOf(next, opened.samples)
    handle = createRoutes(station, deliveryOf, answers, pages.delegate, clock, log)
    await pages.renew()
    threads.answer(answers)
    if (!changes.stream) return
    before.forgetTitles()
    await replaceStation(programmes, opened.station)
    onAir(next)
    logDoubts(next, [], log)
  }
  onAir(config)
  if (config.configFile !== undefined) reloadOnHangup(config, follow, manager, log)
  logStatistics(station, config.statLogInterval)
  const urls = reachableUrls(address)
  await announce(urls, opened.directory, log)
  logDoubts(config, doubts, log)
  tellState(manager, station, urls[0])
  // Programs that read the log as JSON read nothing else.
  const hasReader = output.isTerminal && config.logFormat === 'text'
  if (hasReader && config.demo && config.configFile === undefined) output.write(greeting(address, urls[0]))
  const code = await invite(urls[0], subject, hasReader, log)
  if (code !== undefined) output.write(code)
}

function routesOf(config: Config, samples: RouteOptions['samples']): RouteOptions {
  const { name, description, genre, url, clientTimeout: clientTimeoutMs } = config
  return { samples, clientTimeoutMs, likelyType: likelyType(config), about: { name, description, genre, url } }
}
