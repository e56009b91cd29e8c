import type { Logger } from '@logtape/logtape'
import { parseCommandLine } from '../config/command-line.ts'
import { makePlan } from '../config/make-plan.ts'
import { changesBetween, type PlanChanges, withoutRestart } from '../config/plan-changes.ts'
import type { Configuration } from '../config/settings.ts'
import { UsageError } from '../config/usage-error.ts'
import type { ProgramPlan } from '../plan/program-plan.ts'
import type { ServiceManager } from '../system/service-manager.ts'
import type { ServerWithPages } from './create-server.ts'
import { logDoubts } from './doubts.ts'
import type { Server } from './server.ts'

/**
 * Rereads the configuration file on SIGHUP, and changes the streams whose options have changed. Errors in the file are logged, and
 * nothing changes then.
 */
export function reloadOnHangup(
  first: Configuration,
  server: ServerWithPages,
  manager: ServiceManager,
  log: Logger,
): void {
  let configuration = first
  const reload = async () => {
    manager.tell('RELOADING=1')
    try {
      const wanted = readAgain(configuration)
      const changes = changesBetween(configuration, wanted)
      const next = withoutRestart(configuration, wanted)
      const plan = makePlan(next)
      await apply(plan, changes, server)
      configuration = next
      await server.pages.renew()
      server.announcing?.renew()
      for (const option of changes.atRestart) log.warn('restart required', { option })
      const { created, live, removed } = changes
      log.info('configuration reloaded', {
        streams: plan.streams.length,
        changed: created.length + live.length,
        removed: removed.length,
      })
      if (created.length > 0) logDoubts(plan, [], log)
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
function readAgain(running: Configuration): Configuration {
  const request = parseCommandLine(process.argv.slice(2), running)
  // All other requests ended the program at launch.
  if (request.kind !== 'run') throw new Error(`-${request.kind} is not accepted at a reload`)
  return request.configuration
}

/** @throws FilterLoadError, SourceError or UsageError when a stream cannot be created; nothing has changed then */
async function apply(plan: ProgramPlan, { created, live, removed }: PlanChanges, server: Server): Promise<void> {
  const plansOf = (paths: readonly string[]) => plan.streams.filter(({ path }) => paths.includes(path))
  await Promise.all([server.prepare(plan), server.hls.prepare(plan), server.recordings.prepare(plan)])
  await server.opener.open(plansOf(created), plan.isStation)
  server.current.plan = plan
  server.publishing.renew()
  for (const own of plansOf(live)) server.registry.get(own.path)?.change(own)
  for (const stream of server.registry.streams()) {
    server.levels.measureForHooks(stream)
    server.recordings.look(stream)
  }
  server.hls.renew()
  server.recordings.clean()
  await server.opener.remove(removed)
}
