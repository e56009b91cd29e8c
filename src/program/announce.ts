import { readdir } from 'node:fs/promises'
import type { Logger } from '@logtape/logtape'
import { encodePath } from '../stream/encode-path.ts'
import { systemPath } from '../text/byte-path.ts'

/** Maximum streams of a directory that are logged one by one. */
const MOST_STREAMS = 20

/**
 * Logs the address of each stream: the first stream at every address of the machine, all further ones at the first address.
 * @param urls addresses that clients can open
 * @param directory whose FIFOs are the streams; undefined: there is one stream, at `/`
 */
export async function announce(
  [url, ...others]: readonly [string, ...string[]],
  directory: string | undefined,
  log: Logger,
): Promise<void> {
  const [first = '/', ...paths] = directory === undefined ? ['/'] : await streamsIn(directory)
  for (const base of [url, ...others]) log.info('listening', { address: `${base}${first}` })
  for (const path of paths.slice(0, MOST_STREAMS)) log.info('listening', { address: `${url}${path}` })
  if (paths.length > MOST_STREAMS) log.info('listening', { address: `${url}/...`, streams: paths.length + 1 })
}

/** Returns the URL paths of the FIFOs in the directory. */
async function streamsIn(directory: string): Promise<string[]> {
  const entries = await readdir(systemPath(directory), { withFileTypes: true }).catch(() => [])
  const names = entries.filter((entry) => entry.isFIFO()).map(({ name }) => name)
  return names.toSorted().map((name) => encodePath(`/${name}`))
}
