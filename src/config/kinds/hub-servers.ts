import { RefusedValue } from '../../text/refused-value.ts'
import type { Kind } from './kind.ts'

const EXAMPLE = 'needs addresses such as nats://hub1.example:4222,nats://hub2.example:4222, or tls://'

/** Addresses of NATS servers, with commas between them. */
export const hubServers: Kind<readonly string[]> = {
  name: 'servers',
  placeholder: 'URL,...',
  parse(text) {
    const servers = text.split(',').map((server) => server.trim())
    for (const server of servers) refuseOther(server)
    if (new Set(servers.map((server) => new URL(server).protocol)).size > 1)
      throw new RefusedValue('must be all nats:// or all tls://')
    return servers
  },
}

function refuseOther(server: string): void {
  if (!/^(nats|tls):\/\/[^/]/.test(server) || !URL.canParse(server)) throw new RefusedValue(EXAMPLE)
  const { username, password, pathname, search, hash } = new URL(server)
  if (username !== '' || password !== '')
    throw new RefusedValue('cannot have a user or a password, which belong in -hub-credentials')
  if (pathname.length > 1 || search !== '' || hash !== '') throw new RefusedValue(EXAMPLE)
}
