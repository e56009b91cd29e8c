/** Options of listeners and hooks that need another one. */
import type { Config } from './config.ts'
import { UsageError } from './usage-error.ts'

/** @throws UsageError about the first option that has no effect without another one */
export function refuseAccessConflicts(config: Config): void {
  const { whenFull, maxListeners, maxConnectionsPerUser, listenUsers, listenUrl, onSilence, onSound } = config
  const hasUsers = listenUsers !== undefined || listenUrl !== undefined
  if (whenFull !== undefined && maxListeners === 0)
    throw needs('when-full', '-max-listeners, the number from which a stream is full')
  if (maxConnectionsPerUser > 0 && !hasUsers)
    throw needs('max-connections-per-user', '-listen-users or -listen-url, by which listeners have names')
  if (config.silenceAfter > 0) return
  if (onSilence !== undefined) throw needs('on-silence', '-silence-after above 0')
  if (onSound !== undefined) throw needs('on-sound', '-silence-after above 0')
}

function needs(flag: string, what: string): UsageError {
  return new UsageError(`-${flag}: needs ${what}`, flag, undefined)
}
