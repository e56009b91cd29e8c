import { writeSync } from 'node:fs'

/** The service manager that started this program: systemd, or another one with the protocol of sd_notify(3). */
export interface ServiceManager {
  /** Descriptor of a listening socket (sd_listen_fds(3)); undefined: the program binds its own. */
  readonly socket: number | undefined
  /** Maximum time between two watchdog notifications, in milliseconds; undefined: none are expected. */
  readonly watchdogMs: number | undefined
  /** Sends notifications such as `READY=1`; does nothing without a manager. */
  tell(...lines: readonly string[]): void
}

/** The first passed descriptor (sd_listen_fds(3)). */
const FIRST_SOCKET = 3
/** Set by the program that has connected to the manager's socket, as Node cannot; see deb/files/with-notify. */
const NOTIFY_DESCRIPTOR = 'STREAMSERVE_NOTIFY_FD'
const MANAGERS_OWN = ['NOTIFY_SOCKET', 'WATCHDOG_USEC', 'WATCHDOG_PID', 'LISTEN_FDS', 'LISTEN_PID', 'LISTEN_FDNAMES']

/**
 * Finds the service manager, and removes its variables from the environment, because they are not meant for children.
 * @param pid of this process; variables for another process are ignored.
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
        // A manager that is restarting, or whose queue is full, gets the next notification.
      }
    },
  }
}
