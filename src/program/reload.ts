import type { Logger } from '@logtape/logtape'
import { parseCommandLine } from '../config/command-line.ts'
import type { Config } from '../config/config.ts'
import { UsageError } from '../config/usage-error.ts'
import type { ReplaceableStation } from '../station/replaceable-station.ts'
import type { Station } from '../station/station.ts'
import type { ServiceManager } from '../system/service-manager.ts'
import { type Changes, changesBetween } from './changes.ts'

/**
 * Reads the configuration file again on SIGHUP and calls `follow` with the changes; logs errors in the file and keeps the
 * present configuration then.
 */
export function reloadOnHangup(
  first: Config,
  follow: (next: Config, changes: Changes) => Promise<void>,
  manager: ServiceManager,
  log: Logger,
): void {
  let config = first
  const reload = async () => {
    manager.tell('RELOADING=1')
    try {
      const wanted = readAgain(config)
      const changes = changesBetween(config, wanted)
      const next = { ...wanted, ...Object.fromEntries(changes.settled.map((field) => [field, config[field]])) }
      await follow(next, changes)
      config = next
      for (const field of changes.settled) log.warn('restart required', { setting: field })
      log.info('configuration reloaded', { stream: changes.stream ? 'new' : 'as before' })
    } catch (error) {
      const further = error instanceof UsageError ? error.further : []
      for (const { message } of [error as Error, ...further]) log.error('configuration rejected', { error: message })
    }
    manager.tell('READY=1')
  }
  // One after the other, because each compares with the result of the one before.
  let reloads = Promise.resolve()
  process.on('SIGHUP', () => {
    reloads = reloads.then(reload)
  })
}

/** @throws UsageError about the file, or about a conflict with the command line */
function readAgain(running: Config): Config {
  const request = parseCommandLine(process.argv.slice(2), running)
  // All other requests ended the program at launch.
  if (request.kind !== 'run') throw new Error(`-${request.kind} is not accepted at a reload`)
  return request.config
}

/** Replaces the streams by those of another station. Disconnects their listeners, which then connect to the new streams. */
export async function replaceStation(station: ReplaceableStation, next: Station): Promise<void> {
  const before = [...station.replace(next).streams()]
  await Promise.all(
    before.map((stream) => {
      const stopped = stream.stop('configuration changed')
      stream.finish(undefined)
      return stopped
    }),
  )
}
