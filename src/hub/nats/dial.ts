import { readFile } from 'node:fs/promises'
import { isIP } from 'node:net'
import { checkServerIdentity, type PeerCertificate } from 'node:tls'
import { type Authenticator, connect, type NatsConnection, type TlsOptions } from '@nats-io/transport-node'
import type { HubPlan } from '../../plan/program-plan.ts'
import { readCredentials } from './credentials.ts'

/** Pings of the client itself, in milliseconds: it has none of its own, because this program's measure the round trip as well. */
const NO_PING_MS = 86_400_000

/** Connects to one server, once. @param server its URL @throws the error of the client */
export async function dial(
  server: string,
  plan: HubPlan,
  authenticator: Authenticator | undefined,
  timeoutMs: number,
): Promise<NatsConnection> {
  const tls = await tlsOptions(server, plan)
  return await connect({
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
