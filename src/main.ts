#!/usr/bin/env node
import { setFlagsFromString } from 'node:v8'
import { FilterLoadError } from '../filters/load-filter.ts'
import type { Changes } from './changes.ts'
import { systemClock } from './clock.ts'
import { parseCommandLine } from './config/command-line.ts'
import type { Config } from './config/config.ts'
import { helpText } from './config/help.ts'
import { UsageError } from './config/usage-error.ts'
import { createDeliveries } from './delivery/deliveries.ts'
import { becomeUser, UserError } from './drop-rights.ts'
import { endOnSignals, endWithStream, killChildrenAtExit, type Running } from './end.ts'
import { greet } from './greeting.ts'
import { createLog } from './log.ts'
import { openStation } from './open-station.ts'
import { reloadOnHangup, replaceStation } from './reload.ts'
import { findServiceManager } from './service/service-manager.ts'
import { tellState } from './service/tell-state.ts'
import { createOrphanGuard } from './source/orphan-guard.ts'
import { SourceError } from './source/source.ts'
import { logStatistics } from './statistics-log.ts'
import { replaceableStation } from './stream/replaceable-station.ts'
import { coresToUse } from './threads/cores.ts'
import { createThreadsByLoad } from './threads/threads-by-load.ts'
import { createFrontDoor } from './transport/front-door.ts'
import { addressOf, adopt, ListenError, listen } from './transport/listening.ts'
import { createRoutes, type RouteOptions } from './transport/routes.ts'
import { readVersion } from './version.ts'

/** Wires the rooms together, from left to right, and starts. @throws one of EXIT_CODES when it cannot */
async function serve(config: Config): Promise<void> {
  const clock = systemClock
  const log = createLog(config.logFormat, config.debug)
  const guard = createOrphanGuard()
  const manager = findServiceManager(process.env, process.pid)
  killChildrenAtExit(guard)

  let opened = await openStation(config, guard, clock, log)
  const station = replaceableStation(opened.station)

  const { maxDelay: maxDelayMs, burst: burstMs, clientMaxBytes } = config
  const policy = { maxDelayMs, burstMs, clientMaxBytes }
  const deliveryOf = createDeliveries(policy, clock)
  const routes = routesOf(config, opened.samples)
  let handle = createRoutes(station, deliveryOf, routes, clock, log)
  const frontDoor = createFrontDoor(config.headerTimeout, (...asked) => handle(...asked), clock, log)

  // A socket that was handed over cannot be shared with threads.
  const cores = manager.socket === undefined ? coresToUse(config, log) : 1
  const address =
    manager.socket === undefined
      ? await listen(frontDoor.server, config.address, cores > 1, log)
      : await adopt(frontDoor.server, manager.socket)
  if (config.uid !== undefined) becomeUser(config.uid)

  const { headerTimeout: headerTimeoutMs, debug } = config
  const settings = { address: addressOf(frontDoor.server), headerTimeoutMs, policy, routes, debug }
  const threads = createThreadsByLoad(cores, settings, station, deliveryOf, clock, log)
  const running: Running = { station, deliveryOf, frontDoor, threads, log }
  endOnSignals(running, config.configFile === undefined)
  const onAir = (now: Config) => {
    for (const stream of station.streams()) {
      void endWithStream(stream, running)
      if (now.warm) stream.start()
    }
  }
  const follow = async (next: Config, changes: Changes) => {
    if (!changes.stream && !changes.answers) return
    const before = opened
    if (changes.stream) opened = await openStation(next, guard, clock, log)
    const answers = routesOf(next, opened.samples)
    handle = createRoutes(station, deliveryOf, answers, clock, log)
    threads.answer(answers)
    if (!changes.stream) return
    before.forgetTitles()
    await replaceStation(station, opened.station)
    onAir(next)
  }
  onAir(config)
  if (config.configFile !== undefined) reloadOnHangup(config, follow, manager, log)
  logStatistics(station, config.statLogInterval)
  log.info('listening', { address })
  tellState(manager, station, address)
  if (config.demo && config.configFile === undefined) greet(address)
}

function routesOf(config: Config, samples: RouteOptions['samples']): RouteOptions {
  const { name, description, genre, url, clientTimeout: clientTimeoutMs } = config
  return { samples, clientTimeoutMs, about: { name, description, genre, url } }
}

/** Errors that are somebody's to mend: they are told in one line, and the program exits with this code. */
const EXIT_CODES = new Map<unknown, number>([
  [UsageError, 2],
  [FilterLoadError, 2],
  [UserError, 1],
  [SourceError, 1],
  [ListenError, 1],
])

// V8 would make room for young objects, up to 48 MB, as soon as many listeners come. They leave next to none behind.
setFlagsFromString('--semi-space-growth-factor=1')

try {
  const request = parseCommandLine(process.argv.slice(2))
  if (request.kind === 'help') process.stdout.write(`${helpText()}\n`)
  else if (request.kind === 'version') process.stdout.write(`streamserve ${readVersion()}\n`)
  else if (request.kind === 'check') process.stdout.write(`${request.finding}\n`)
  else await serve(request.config)
} catch (error) {
  const code = EXIT_CODES.get((error as Error).constructor)
  if (code === undefined) throw error
  const further = error instanceof UsageError ? error.further : []
  for (const { message } of [error as Error, ...further]) process.stderr.write(`streamserve: ${message}\n`)
  process.exit(code)
}
