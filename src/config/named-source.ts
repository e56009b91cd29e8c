/** Whether a configuration says where the stream comes from. */
import { printable } from '../text/printable.ts'
import type { Config } from './config.ts'
import { UsageError } from './usage-error.ts'

/** False: standard input is read, because no source is named. */
export function namesSource({ demo, command, play, path }: Config): boolean {
  return demo || command !== undefined || play !== undefined || path !== undefined
}

/** @throws UsageError when neither the configuration file, if there is one, nor the command line names a source */
export function refuseNoSource(config: Config): void {
  if (config.configFile === undefined || namesSource(config)) return
  const reason = 'names no source; add exec, path, play or demo (path /dev/stdin is standard input)'
  throw new UsageError(`${printable(config.configFile)}: ${reason}`, 'config', undefined)
}
