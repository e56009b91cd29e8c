import { isIP } from 'node:net'

/** Whether a text is an IP address, or a range of them in CIDR notation (RFC 4632, section 3.1): `10.0.0.0/8`. */
export function isAddressRange(text: string): boolean {
  const [, address = '', bits = '0'] = /^([^/]+)(?:\/(\d{1,3}))?$/.exec(text) ?? []
  const family = isIP(address)
  return family !== 0 && !address.includes('%') && Number(bits) <= (family === 4 ? 32 : 128)
}
