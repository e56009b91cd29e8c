import { setFlagsFromString } from 'node:v8'
import type { ValidConfiguration } from '../config/command-line.ts'
import { createOrphanGuard } from '../source/exec/orphan-guard.ts'
import type { Entry } from '../station/station.ts'
import { systemClock } from '../system/clock.ts'
import { writeCompiledCode } from '../system/compile-cache.ts'
import { cannotChangeUser } from '../system/drop-rights.ts'
import { createLog } from '../system/log.ts'
import { saveMemoryUntilBusy } from '../system/memory-or-speed.ts'
import { type Output, openOutput } from '../system/output.ts'
import type { Runtime } from '../system/runtime.ts'
import { findServiceManager } from '../system/service-manager.ts'
import { readVersion } from '../system/version.ts'
import { coresToUse } from '../threads/cores.ts'
import { announce, announcePages } from './announce.ts'
import { createServer } from './create-server.ts'
import { demoBanner } from './demo-banner.ts'
import { logDoubts } from './doubts.ts'
import { endOnSignals, endWithStream, killChildrenAtExit, logEndOf, type Running } from './end.ts'
import { reachableUrls } from './reachable.ts'
import { reloadOnHangup } from './reload.ts'
import type { Server } from './server.ts'
import { logStatistics } from './statistics-log.ts'
import { tellState } from './tell-state.ts'

/** Runs the program until it ends. @throws one of the errors with an exit code; see run.ts */
export async function serve(valid: ValidConfiguration): Promise<void> {
  const { plan } = valid
  const output = openOutput()
  const runtime: Runtime = { clock: systemClock, log: createLog(plan.log.format, plan.log.debug, output) }
  const { log } = runtime
  const manager = findServiceManager(process.env, process.pid)
  const { uid } = plan.listen
  if (uid !== undefined && cannotChangeUser()) {
    return (await import('./start-as-user.ts')).startAsUser(uid, plan.listen.addresses[0], manager.socket, output, log)
  }
  const guard = createOrphanGuard()
  killChildrenAtExit(guard)
  // An end that no user requested is a failure.
  process.exitCode = 1

  // A socket of the service manager cannot be shared with threads.
  const cores = manager.socket === undefined ? coresToUse({ cpuMax: plan.cpuMax, uid }, log) : 1
  const server = await createServer(plan, { guard, cores, socket: manager.socket }, runtime)
  const running: Running = { ...server, output, log }
  const { accessLog } = server.clients
  endOnSignals(running, plan.configFile === undefined && accessLog === undefined)
  if (accessLog !== undefined) process.on('SIGHUP', () => void accessLog.reopen())
  if (plan.configFile !== undefined) reloadOnHangup(valid.configuration, server, manager, log)
  logStatistics(server.registry, plan.log.statisticsEveryMs)
  const urls = reachableUrls(server.url)
  await announce([...urls, ...server.furtherUrls.flatMap((url) => reachableUrls(url))], server.registry, log)
  const { eventLog, current } = server
  eventLog.add('start', null, { url: urls[0], version: readVersion() }, current.plan.hooks)
  server.opener.follow((entry) => begin(entry, running))
  logDoubts(plan, valid.doubts, log)
  tellState(manager, server.registry, urls[0])
  await greet(server, urls[0], output, runtime)
  // V8 would grow its young space, up to 48 MB, as soon as many listeners connect, although they allocate next to nothing.
  setFlagsFromString('--semi-space-growth-factor=1')
  saveMemoryUntilBusy()
  writeCompiledCode()
}

/** Begins the streams of an entry: opens those that are kept warm, and ends the program with one that it depends on. */
function begin(entry: Entry, running: Running): void {
  for (const stream of entry.streams()) {
    void (entry.plan.whenEnded === 'exit' ? endWithStream(stream, running) : logEndOf(stream, running))
    if (entry.plan.supervision.warm) stream.start()
  }
}

/** Logs the addresses of the pages, and writes to a terminal what its reader may want to do next. */
async function greet(server: Server, url: string, output: Output, { log }: Runtime): Promise<void> {
  const { plan } = server.current
  // Programs that read the log as JSON read nothing else.
  const hasReader = output.isTerminal && plan.log.format === 'text'
  const isDemo = !plan.isStation && plan.configFile === undefined && plan.streams[0]?.sources[0]?.kind === 'demo'
  if (hasReader && isDemo) output.write(demoBanner(server.url, url))
  const code = await announcePages(url, server, hasReader, log)
  if (code !== undefined) output.write(code)
}
