#!/usr/bin/env node
import { setFlagsFromString } from 'node:v8'
import { FilterLoadError, loadFilter } from '../filters/load-filter.ts'
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
import { findSource, samplesOf, streamOptions } from './setup.ts'
import { createOrphanGuard } from './source/orphan-guard.ts'
import { type Source, SourceError } from './source/source.ts'
import { logStatistics } from './statistics-log.ts'
import { stationOf, stationOfDirectory } from './stream/station.ts'
import { Stream } from './stream/stream.ts'
import { createTitleFile, followTitleFile } from './stream/title-file.ts'
import { createFrontDoor } from './transport/front-door.ts'
import { ListenError, listen } from './transport/listening.ts'
import { createRoutes } from './transport/routes.ts'
import { readVersion } from './version.ts'

/** Wires the rooms together, from left to right, and starts. @throws one of EXIT_CODES when it cannot */
async function serve(config: Config): Promise<void> {
  const clock = systemClock
  const log = createLog(config.logFormat, config.debug)
  const guard = createOrphanGuard()
  const samples = samplesOf(config)
  killChildrenAtExit(guard)

  const createFilter = await loadFilter(samples === undefined ? config.frameFilter : 'raw')
  const found = await findSource(config, guard, clock, log)
  const titleFile = config.titleFile === undefined ? undefined : createTitleFile(config.titleFile)
  await titleFile?.look()
  const newStream = (path: string, source: Source) => {
    const stream = new Stream(path, source, streamOptions(config, samples, createFilter, source), clock, log)
    stream.setTitle(titleFile?.title ?? '')
    return stream
  }
  const station =
    'directory' in found
      ? stationOfDirectory(found.directory, newStream, clock)
      : stationOf(newStream('/', found.source))

  const { maxDelay: maxDelayMs, burst: burstMs, clientMaxBytes, clientTimeout: clientTimeoutMs } = config
  const deliveryOf = createDeliveries({ maxDelayMs, burstMs, clientMaxBytes }, clock)
  const { name, description, genre, url } = config
  const about = { name, description, genre, url }
  const routes = createRoutes(station, deliveryOf, { samples, clientTimeoutMs, about }, clock, log)
  const frontDoor = createFrontDoor(config.headerTimeout, routes, clock, log)

  const address = await listen(frontDoor.server, config.address, log)
  if (config.uid !== undefined) becomeUser(config.uid)
  const running: Running = { station, deliveryOf, frontDoor, log }
  endOnSignals(running)
  for (const stream of station.streams()) {
    void endWithStream(stream, running)
    if (config.warm) stream.start()
  }
  logStatistics(station, config.statLogInterval)
  if (titleFile !== undefined) followTitleFile(titleFile, station)
  log.info('listening', { address })
  if (config.demo) greet(address)
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
  else await serve(request.config)
} catch (error) {
  const code = EXIT_CODES.get((error as Error).constructor)
  if (code === undefined) throw error
  process.stderr.write(`streamserve: ${(error as Error).message}\n`)
  process.exit(code)
}
