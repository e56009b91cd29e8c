import { isIPv4, isIPv6 } from 'node:net'
import type { Address } from '../../plan/program-plan.ts'
import { RefusedValue } from '../../text/refused-value.ts'
import type { Kind } from './kind.ts'

const forms = 'host:port, :port or [v6]:port'

/** An address to listen at: `host:port`, `:port` or `[v6]:port`. */
export const address: Kind<Address> = {
  name: 'address',
  placeholder: 'HOST:PORT',
  parse(text) {
    const [, bracketed, plain = '', port] = /^(?:\[(.*)\]|([^:]*)):([^:]*)$/.exec(text) ?? []
    if (port === undefined) throw new RefusedValue(whyNoAddress(text))
    const host = bracketed === undefined ? parseHost(plain) : parseV6(bracketed)
    return { host, port: parsePort(port) }
  },
}

function whyNoAddress(text: string): string {
  if (text.includes('://')) return `needs ${forms}, not a URL`
  if (/^\d+$/.test(text)) return `needs a colon before the port: :${text}`
  if (isIPv6(text.replace(/^\[(.*)\]$/, '$1'))) return 'has no port; IPv6 is written [::1]:8080'
  if (text.split(':').length > 2) return 'needs IPv6 in brackets, as in [::1]:8080'
  if (text !== '' && !text.includes(':')) return 'has no port, as in localhost:8080'
  return `needs ${forms}`
}

function parseHost(host: string): string | undefined {
  if (host === '') return undefined
  if (host === '*') throw new RefusedValue('cannot contain *; all interfaces are written :8080')
  if (/^[\d.]+$/.test(host) && !isIPv4(host)) throw new RefusedValue('is not an IPv4 address such as 127.0.0.1:8080')
  if (!/^[\w-]+(\.[\w-]+)*\.?$/.test(host)) throw new RefusedValue(`needs ${forms}`)
  return host
}

function parseV6(host: string): string {
  if (!isIPv6(host)) throw new RefusedValue('has no IPv6 address in its brackets, as in [::1]:8080')
  return host
}

function parsePort(text: string): number {
  if (text === '') throw new RefusedValue('has no port after the colon, as in :8080')
  const port = /^\d{1,5}$/.test(text) ? Number(text) : Number.NaN
  if (!(port <= 65535)) throw new RefusedValue('needs a port from 0 to 65535')
  return port
}
