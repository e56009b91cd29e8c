import { type ChildProcess, spawn, spawnSync } from 'node:child_process'
import { once } from 'node:events'
import { createServer, type Server } from 'node:net'
import { constants } from 'node:os'
import type { Logger } from '@logtape/logtape'
import type { Address } from '../plan/program-plan.ts'
import { idsOf, UserError, type UserIds } from '../system/drop-rights.ts'
import { leave } from '../system/leave.ts'
import type { Output } from '../system/output.ts'
import { listen } from '../transport/listening.ts'

/** Passes the socket on as a service manager does (sd_listen_fds(3)): descriptor 3, named by the environment. */
const WITH_SOCKET = 'export LISTEN_PID=$$ LISTEN_FDS=1; exec "$@"'
const SIGNALS = ['SIGTERM', 'SIGINT', 'SIGHUP'] as const

/**
 * Binds the port and starts the program again as another user, by setpriv(1), for a Node.js that cannot change its own user.
 * This process then only passes signals on, and exits as the other one does.
 * @param socket a descriptor that listens already; undefined: the one of `-address` is bound here
 * @throws UserError, ListenError
 */
export async function startAsUser(
  user: string | number,
  address: Address | undefined,
  socket: number | undefined,
  output: Output,
  log: Logger,
): Promise<void> {
  const ids = idsOf(user)
  refuseImpossible(user, ids)
  const server = createServer()
  if (socket === undefined) await listen(server, address, false, log)
  // In the same turn of the event loop, so that no connection is accepted here.
  const child = spawnAs(ids, socket ?? descriptorOf(server))
  server.close()
  for (const signal of SIGNALS) process.on(signal, () => child.kill(signal))
  if (child.pid !== undefined) log.info('program restarted as user', { user, pid: child.pid })
  const [code, signal] = await exitOf(child, user)
  await leave(code ?? 128 + (signal === null ? 0 : constants.signals[signal]), output)
}

/**
 * Starts it in a session of its own, so that signals of a terminal reach it only from here. It ends when this process is
 * killed.
 */
function spawnAs(ids: UserIds, socket: number): ChildProcess {
  const program = [process.execPath, ...process.execArgv, ...process.argv.slice(1)]
  return spawn('sh', ['-c', WITH_SOCKET, 'sh', ...becoming(ids), ...program], {
    stdio: ['inherit', 'inherit', 'inherit', socket],
    detached: true,
  })
}

async function exitOf(child: ChildProcess, user: string | number): Promise<[number | null, NodeJS.Signals | null]> {
  try {
    return (await once(child, 'close')) as [number | null, NodeJS.Signals | null]
  } catch (error) {
    throw new UserError(`-uid ${user}: cannot be started as this user: ${(error as Error).message}`, { cause: error })
  }
}

/** Returns the descriptor of a server, which Node.js does not have in its public interface. */
function descriptorOf(server: Server): number {
  const handle = Reflect.get(server, '_handle') as { readonly fd: number }
  return handle.fd
}

/** Returns the words before a command that make it run as a user. */
function becoming({ uid, gid, groups }: UserIds): string[] {
  return ['setpriv', `--reuid=${uid}`, `--regid=${gid}`, `--groups=${groups.join(',')}`, '--pdeathsig=TERM']
}

/** @throws UserError when setpriv is missing, or the user may not read the program */
function refuseImpossible(user: string | number, ids: UserIds): void {
  const [setpriv = '', ...rights] = becoming(ids)
  const program = process.argv[1] ?? ''
  const { status } = spawnSync(setpriv, [...rights, 'test', '-r', program])
  if (status === 0) return
  const why = status === 1 ? `this user is not permitted to read ${program}` : 'setpriv (util-linux) is not installed'
  throw new UserError(
    `-uid ${user}: this Node.js ${process.version} cannot change its user, because it uses the libuv of the system, and ${why}; ` +
      'the Node.js of nodejs.org, which has its own libuv, can',
  )
}
