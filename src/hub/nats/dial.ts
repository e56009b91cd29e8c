import { readFile } from 'node:fs/promises'
import { isIP } from 'node:net'
import { checkServerIdentity, type PeerCertificate } from 'node:tls'
import type { Authenticator, NatsConnection, TlsOptions } from '@nats-io/transport-node'
import type { HubPlan } from '../../plan/program-plan.ts'
import { readCredentials } from './credentials.ts'
import { orAborted } from './or-aborted.ts'
import { startDialing } from './transport.ts'

/** Pings of the client itself, in milliseconds: it has none of its own, because this program's measure the round trip as well. */
const NO_PING_MS = 86_400_000

/** Properties of a try to connect. */
interface DialOptions {
  /** Undefined: none. */
  readonly authenticator: Authenticator | undefined
  /** Time for all of it, in milliseconds. */
  readonly timeoutMs: number
}

/**
 * Connects to one server, once.
 * @param server its URL
 * @returns undefined: aborted
 * @throws the error of the client
 */
export async function dial(
  server: string,
  plan: HubPlan,
  { authenticator, timeoutMs }: DialOptions,
  signal: AbortSignal,
): Promise<NatsConnection | undefined> {
  const tls = await tlsOptions(server, plan)
  const { connected, abandon } = startDialing({
    servers: [server],
    name: `streamserve ${plan.origin ?? ''}`.trim(),
    timeout: timeoutMs,
    pingInterval: NO_PING_MS,
    // This program chooses the server and the pause itself. Addresses that servers report of each other may be of their own network.
    reconnect: false,
    ignoreClusterUpdates: true,
    noAsyncTraces: true,
    ...(authenticator !== undefined && { authenticator }),
    ...(tls !== undefined && { tls }),
  })
  let connection: NatsConnection | undefined
  try {
    connection = await orAborted(connected, signal)
    return connection
  } finally {
    if (connection === undefined) abandon()
  }
}

/** Reads the credentials of a plan; undefined: it has none. @throws HubCredentialsError */
export async function credentialsOf({ credentialsFile }: HubPlan): Promise<Authenticator | undefined> {
  return credentialsFile === undefined ? undefined : readCredentials(credentialsFile)
}

async function tlsOptions(server: string, { caFile }: HubPlan): Promise<TlsOptions | undefined> {
  if (!server.startsWith('tls:')) return undefined
  // An address of IPv6 is in brackets in a URL.
  const host = new URL(server).hostname.replace(/^\[(.*)\]$/, '$1')
  const options = {
    ...(caFile !== undefined && { ca: await readFile(caFile, 'utf8') }),
    // The client compares the certificate with localhost when the server has an address and no name.
    ...(isIP(host) !== 0 && {
      checkServerIdentity: (_: string, certificate: PeerCertificate) => checkServerIdentity(host, certificate),
    }),
  }
  return options
}
