/** A hub of three servers, an origin and edges, all on this machine. */

import { execFileSync } from 'node:child_process'
import { join } from 'node:path'
import { type Cluster, startCluster } from '../test/hub/cluster.ts'
import { NATS_PROGRAMS, natsVersion } from '../test/hub/nats-programs.ts'
import { benchFolder } from './bench-folder.ts'
import { startScript } from './child.ts'
import { formatOf, kindsOf } from './mixed-streams.ts'
import { type Server, startStation, startStreamserve, stationFile } from './servers.ts'

/** Servers of a hub. */
const HUB_SERVERS = 3

/** The newest one that is installed: `test/setup.sh` installs it beside that of the system. */
export const NATS_SERVER = natsVersion(NATS_PROGRAMS.sid) === undefined ? NATS_PROGRAMS.system : NATS_PROGRAMS.sid

/** Starts the servers of a hub, which end with the bench. */
export async function startHub(): Promise<Cluster> {
  const cluster = await startCluster(benchFolder('hub'), { servers: HUB_SERVERS, program: NATS_SERVER })
  process.on('exit', () => {
    for (let at = 0; at < HUB_SERVERS; at++) void cluster.server(at).signal('SIGKILL')
  })
  await cluster.jetStreamReady()
  return cluster
}

/** Process numbers of the servers of a hub. */
export function hubPids(cluster: Cluster): number[] {
  return Array.from({ length: HUB_SERVERS }, (_, at) => cluster.server(at).pid)
}

/** Lines of a station file that connect to a hub. @param name of the program on the hub */
function hubLines(cluster: Cluster, user: 'origin-a' | 'edge', name: string): string[] {
  const { urls, caFile } = cluster
  return [
    `hub ${urls.join(',')}`,
    `hub-ca ${caFile}`,
    `hub-credentials ${cluster.credentials(user)}`,
    `hub-origin ${name}`,
  ]
}

/** Starts an origin of many streams of all kinds, each from a FIFO that one child writes. */
export async function startOrigin(cluster: Cluster, streams: number, preload: readonly string[]): Promise<Server> {
  const folder = benchFolder('fifos')
  const kinds = kindsOf(streams)
  const fifos = kinds.map((_, i) => join(folder, `s${i}`))
  execFileSync('mkfifo', fifos)
  const sections = kinds.map((kind, i) => [`path ${fifos[i]}`, ...formatOf(kind), 'hub-publish'])
  const file = stationFile(hubLines(cluster, 'origin-a', 'origin-a'), sections)
  const { process: server, port } = await startStreamserve(['-config', file], preload)
  const feeder = startScript(
    './mixed-feeder.js',
    kinds.map((kind, i) => `${kind}=${fifos[i]}`),
  )
  const stop = async () => {
    await feeder.stop()
    await server.stop()
  }
  return { process: { ...server, stop }, port, path: '/s', streams }
}

/** Starts an edge of many streams, which it reads whether there are listeners or not. */
export async function startEdge(
  cluster: Cluster,
  number: number,
  streams: number,
  preload: readonly string[],
): Promise<Server> {
  const sections = kindsOf(streams).map((_, i) => [`from hub:s${i}`])
  const file = stationFile(['warm', ...hubLines(cluster, 'edge', `edge-${number}`)], sections)
  const server = await startStreamserve(['-config', file], preload)
  return { ...server, path: '/s', streams }
}

interface StatusOfEdge {
  readonly streams: readonly {
    readonly path: string
    readonly bytesIn: number
    readonly hub: { readonly read: { readonly framesLost: number } | null } | null
  }[]
}

/** Returns the bytes that each stream of an edge has received, and the frames that it has lost. */
export async function receivedBy({ port }: Server): Promise<readonly { path: string; bytes: number; lost: number }[]> {
  const { streams } = (await (await fetch(`http://127.0.0.1:${port}/status.json`)).json()) as StatusOfEdge
  return streams.map(({ path, bytesIn, hub }) => ({ path, bytes: bytesIn, lost: hub?.read?.framesLost ?? 0 }))
}

/** Starts an edge of the one stream of the benches, with an origin and a hub of its own. */
export async function startBenchEdge(): Promise<Server> {
  const cluster = await startHub()
  const origin = await startStation([...cluster.flags('origin-a'), '-hub-publish', '-hub-name', 'bench'])
  const edge = await startStreamserve([...cluster.flags('edge'), '-warm', '-from', 'hub:bench'])
  const stop = async () => {
    await edge.process.stop()
    await origin.process.stop()
    await cluster.close()
  }
  return { ...edge, process: { ...edge.process, stop } }
}
