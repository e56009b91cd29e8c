import { writeSync } from 'node:fs'

/** Who started this program as a service and wants to know how it is: systemd, or anybody who does as sd_notify(3) says. */
export interface ServiceManager {
  /** A descriptor that listens already (sd_listen_fds(3)); undefined: the program listens by itself. */
  readonly socket: number | undefined
  /** It wants to hear from a healthy program at least so often, in milliseconds; undefined: it does not. */
  readonly watchdogMs: number | undefined
  /** Tells it things such as `READY=1`. Nothing is told where nobody wants to know. */
  tell(...lines: readonly string[]): void
}

/** The first descriptor that is handed over, as sd_listen_fds(3) has it. */
const FIRST_SOCKET = 3
/** Set by the program that has connected to the manager's socket, as Node cannot; see deb/files/with-notify. */
const NOTIFY_DESCRIPTOR = 'STREAMSERVE_NOTIFY_FD'
const MANAGERS_OWN = ['NOTIFY_SOCKET', 'WATCHDOG_USEC', 'WATCHDOG_PID', 'LISTEN_FDS', 'LISTEN_PID', 'LISTEN_FDNAMES']

/**
 * Finds who started the program, and takes what it has left in the environment out of it: it is not meant for children.
 * @param pid of this process: what is meant for another one is not for us.
 */
export function findServiceManager(environment: NodeJS.ProcessEnv, pid: number): ServiceManager {
  const numberOf = (name: string) => {
    const text = environment[name] ?? ''
    return /^\d+$/.test(text) ? Number(text) : undefined
  }
  const descriptor = numberOf(NOTIFY_DESCRIPTOR)
  const hasSocket = numberOf('LISTEN_PID') === pid && (numberOf('LISTEN_FDS') ?? 0) > 0
  const period = numberOf('WATCHDOG_USEC')
  const isWatched = descriptor !== undefined && period !== undefined && (numberOf('WATCHDOG_PID') ?? pid) === pid
  for (const name of [NOTIFY_DESCRIPTOR, ...MANAGERS_OWN]) delete environment[name]
  return {
    socket: hasSocket ? FIRST_SOCKET : undefined,
    watchdogMs: isWatched ? period / 1000 : undefined,
    tell(...lines) {
      if (descriptor === undefined) return
      try {
        writeSync(descriptor, lines.join('\n'))
      } catch {
        // A manager that is away, or has no room for one more line, hears the next one.
      }
    },
  }
}
