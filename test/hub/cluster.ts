/** A hub for tests and benchmarks: servers with the configuration of deb/files/examples, as it is, on the loopback interface. */
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import type { Test } from 'tap'
import type { HubPlan } from '../../src/plan/program-plan.ts'
import { freePort } from '../free-port.ts'
import { until } from '../processes.ts'
import { type Authority, createAuthority } from './hub-certificates.ts'
import { NATS_PROGRAMS } from './nats-programs.ts'
import { type NatsServer, startNatsServer } from './nats-server.ts'

const EXAMPLE = fileURLToPath(new URL('../../../deb/files/examples/nats-hub.conf', import.meta.url))

/** Users of the example. The password of each is `USER-secret`. */
export const HUB_USERS = ['origin-a', 'origin-b', 'edge', 'monitor', 'admin'] as const
export type HubUser = (typeof HUB_USERS)[number]

/** Properties of a cluster. */
interface ClusterOptions {
  /** Default: 3. A single server has no cluster, because JetStream would wait for the others. */
  readonly servers?: number
  /** The nats-server; default: that of the system. */
  readonly program?: string
  /** Makes another configuration of the example, for a test of what goes wrong. */
  readonly change?: (configuration: string) => string
  /** End of the certificates, in milliseconds from now; negative: they have expired. */
  readonly certificatesEndInMs?: number
  /** Name in the certificates; default: `localhost`, with 127.0.0.1. */
  readonly certificateName?: string
}

/** A running hub. Servers are numbered from 0. */
export interface Cluster {
  /** `tls://127.0.0.1:PORT` of each server. */
  readonly urls: readonly string[]
  /** Ports of clients. */
  readonly ports: readonly number[]
  /** Certificate of the authority. */
  readonly caFile: string
  /** File of a user's credentials. */
  credentials(user: HubUser): string
  /** Plan of a program that connects as a user, whose name is also its name on the hub. @param changes other properties */
  plan(user: HubUser, changes?: Partial<HubPlan>): HubPlan
  /** Words of a command line that connect as a user. */
  flags(user: HubUser): string[]
  server(at: number): NatsServer
  /** Kills a server with SIGKILL; of all when no number is given. */
  kill(at?: number): Promise<void>
  /** Starts a killed server again, at the same ports; of all when no number is given. Resolves when all servers have their routes. */
  restart(at?: number): Promise<void>
  /** Number of the server with an address or a URL; -1: none. */
  numberOf(address: string | undefined): number
  /** Resolves once JetStream has a leader, which may take seconds. Live frames do not need it. */
  jetStreamReady(): Promise<void>
  /** Kills all servers. */
  close(): Promise<void>
}

/** Starts a cluster for a test, which ends it. */
export async function clusterOf(t: Pick<Test, 'teardown'>, options: ClusterOptions = {}): Promise<Cluster> {
  // Not t.testdir(), which would be removed while the servers write in it.
  const folder = mkdtempSync(join(tmpdir(), 'streamserve-hub-'))
  const cluster = await startCluster(folder, options)
  t.teardown(async () => {
    await cluster.close()
    rmSync(folder, { recursive: true })
  })
  return cluster
}

/** Starts a cluster. @param folder empty, for its files */
export async function startCluster(folder: string, options: ClusterOptions = {}): Promise<Cluster> {
  const { servers: count = 3, program = NATS_PROGRAMS.system } = options
  const ports = await freePorts(3 * count)
  const [clients, routes, monitors] = [0, 1, 2].map((part) => ports.slice(part * count, (part + 1) * count))
  const authority = await createAuthority()
  const caFile = join(folder, 'authority.pem')
  writeFileSync(caFile, authority.cert)
  for (const user of HUB_USERS) writeFileSync(join(folder, user), `${user}:${user}-secret\n`)
  const configs = await Promise.all(
    (clients ?? []).map((port, at) =>
      writeServer(join(folder, `hub${at + 1}`), options, authority, {
        NAME: `hub${at + 1}`,
        LISTEN: `127.0.0.1:${port}`,
        LISTEN_MONITOR: `127.0.0.1:${monitors?.[at]}`,
        ...(count > 1 && {
          LISTEN_ROUTES: `127.0.0.1:${routes?.[at]}`,
          ROUTES: routes?.map((route) => `nats-route://127.0.0.1:${route}`),
        }),
      }),
    ),
  )
  const start = (config: string) => startNatsServer(program, config)
  const servers = await Promise.all(configs.map(start))
  await areRouted(monitors ?? [])
  return handle({ folder, caFile, ports: clients ?? [], monitors: monitors ?? [], configs, servers, start })
}

interface Parts {
  readonly folder: string
  readonly caFile: string
  readonly ports: readonly number[]
  readonly monitors: readonly number[]
  readonly configs: readonly string[]
  readonly servers: NatsServer[]
  readonly start: (config: string) => Promise<NatsServer>
}

function handle({ folder, caFile, ports, monitors, configs, servers, start }: Parts): Cluster {
  const urls = ports.map((port) => `tls://127.0.0.1:${port}`)
  const numbersOf = (at?: number) => (at === undefined ? servers.map((_, index) => index) : [at])
  const server = (at: number) => {
    const found = servers[at]
    if (found === undefined) throw new Error(`there is no server ${at}`)
    return found
  }
  const credentials = (user: HubUser) => join(folder, user)
  const kill = async (at?: number) =>
    void (await Promise.all(numbersOf(at).map((index) => server(index).signal('SIGKILL'))))
  return {
    urls,
    ports,
    caFile,
    credentials,
    server,
    kill,
    plan: (user, changes) => ({ servers: urls, caFile, credentialsFile: credentials(user), origin: user, ...changes }),
    flags(user) {
      const servers = ['-hub', urls.join(','), '-hub-ca', caFile]
      return [...servers, '-hub-credentials', credentials(user), '-hub-origin', user]
    },
    async restart(at) {
      await Promise.all(
        numbersOf(at).map(async (index) => {
          servers[index] = await start(configs[index] ?? '')
        }),
      )
      await areRouted(monitors)
    },
    numberOf: (address) => ports.findIndex((port) => address?.endsWith(`:${port}`)),
    jetStreamReady: async () => {
      const leader = /JetStream cluster new metadata leader/
      // A single server has no leader.
      if (servers.length > 1) await Promise.any(servers.map((each) => each.logged(leader)))
    },
    close: () => kill(),
  }
}

/** Writes the files of a server. @returns the path of its configuration */
async function writeServer(
  folder: string,
  { change, certificatesEndInMs, certificateName }: ClusterOptions,
  authority: Authority,
  values: Readonly<Record<string, unknown>>,
): Promise<string> {
  mkdirSync(folder)
  const file = (name: string) => join(folder, name)
  const { cert, key } = await authority.sign({
    ...(certificatesEndInMs !== undefined && { endsInMs: certificatesEndInMs }),
    ...(certificateName !== undefined && { name: certificateName, address: '192.0.2.1' }),
  })
  writeFileSync(file('cert.pem'), cert)
  writeFileSync(file('key.pem'), key)
  writeFileSync(file('authority.pem'), authority.cert)
  const passwords = HUB_USERS.map((user) => [`${user.toUpperCase().replace('-', '_')}_PASSWORD`, `${user}-secret`])
  const all = {
    ...values,
    CERTIFICATE: file('cert.pem'),
    KEY: file('key.pem'),
    AUTHORITY: file('authority.pem'),
    STORE: file('store'),
    ...Object.fromEntries(passwords),
  }
  writeFileSync(
    file('this-server.conf'),
    Object.entries(all)
      .map(([name, value]) => `${name}: ${JSON.stringify(value)}\n`)
      .join(''),
  )
  const text = readFileSync(EXAMPLE, 'utf8')
  const example = values['ROUTES'] === undefined ? text.replace(/^cluster \{[^]*?^\}\n/m, '') : text
  writeFileSync(file('nats-hub.conf'), change?.(example) ?? example)
  return file('nats-hub.conf')
}

/** Resolves once each server has a route to each other one: before that, messages do not reach all. */
async function areRouted(monitors: readonly number[]): Promise<void> {
  for (const port of monitors) {
    await until(`routes of the server at ${port}`, async () => {
      const answer = await fetch(`http://127.0.0.1:${port}/routez`)
      const { routes = [] } = (await answer.json()) as { routes?: { remote_id: string }[] }
      return new Set(routes.map((route) => route.remote_id)).size === monitors.length - 1
    })
  }
}

/** Different ports that are free now. */
async function freePorts(count: number): Promise<number[]> {
  const ports = new Set<number>()
  while (ports.size < count) ports.add(await freePort())
  return [...ports]
}
