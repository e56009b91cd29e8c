/** Whether a configuration names a source. */
import { printable } from '../text/printable.ts'
import type { Config } from './config.ts'
import { UsageError } from './usage-error.ts'

/** False: standard input is the source. */
export function namesSource({ demo, publish, command, play, path, from, relay }: Config): boolean {
  return demo || publish || [command, play, path, from, relay].some((source) => source !== undefined)
}

/** @throws UsageError when there is a configuration file, and neither it nor the command line names a source */
export function refuseNoSource(config: Config): void {
  if (config.configFile === undefined || namesSource(config)) return
  const reason = 'names no source; add exec, path, play, relay, publish or demo (path /dev/stdin is standard input)'
  throw new UsageError(`${printable(config.configFile)}: ${reason}`, 'config', undefined)
}
