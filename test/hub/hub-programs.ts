import type { Test } from 'tap'
import { until } from '../processes.ts'
import { type Server, startServer } from '../streamserve.ts'
import type { Cluster } from './cluster.ts'

/** Writes are not delayed, so that silence is that of the hub. */
const AT_ONCE = ['-max-delay', '10ms']
const NAME = 'radio'

/** Starts an origin that publishes the stream of another server. @param user `origin-a` or `origin-b` */
export function startOrigin(
  t: Pick<Test, 'teardown'>,
  cluster: Cluster,
  user: 'origin-a' | 'origin-b',
  flags: readonly string[],
): Promise<Server> {
  return startServer(t, [...cluster.flags(user), '-hub-publish', '-hub-name', NAME, ...flags])
}

/** Starts an edge of that stream. @param name of the edge on the hub @param flags further flags */
export function startEdge(
  t: Pick<Test, 'teardown'>,
  cluster: Cluster,
  name: string,
  flags: readonly string[] = [],
): Promise<Server> {
  const words = cluster.flags('edge')
  return startServer(t, [...AT_ONCE, ...words, '-hub-origin', name, '-from', `hub:${NAME}`, ...flags])
}

/** Resolves with the number of the server that a program is connected to, other than `than`. */
export async function serverOf(cluster: Cluster, server: Server, than = -1): Promise<number> {
  let found = -1
  await until('a connection to the hub', () => {
    const address = [...server.log().matchAll(/ hub connected server=(\S+)/g)].at(-1)?.[1]
    found = cluster.numberOf(address)
    return found >= 0 && found !== than
  })
  return found
}

/** Resolves with the name of the origin that an edge hears. @param name of the stream on the hub */
export async function heardOrigin(edge: Server, name: string): Promise<string> {
  const line = await edge.logged(new RegExp(`hub origin heard .*name=${name.replaceAll('.', '\\.')} origin=`))
  return / origin=(\S+)/.exec(line)?.[1] ?? ''
}
