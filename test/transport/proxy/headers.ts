/** 203.0.113.9:4711 to 192.0.2.1:443. */
export const TCP4 = Buffer.from([203, 0, 113, 9, 192, 0, 2, 1, 0x12, 0x67, 0x01, 0xbb])
/** [2001:db8::9]:4711 to [::1]:443. */
export const TCP6 = Buffer.from('20010db800000000000000000000000900000000000000000000000000000001126701bb', 'hex')

/** A header of version 2, with the length of `rest`. */
export function headerV2(command: number, family: number, rest: Buffer): Buffer {
  const fixed = Buffer.from('\r\n\r\n\0\r\nQUIT\n????', 'latin1')
  fixed[12] = command
  fixed[13] = family
  fixed.writeUInt16BE(rest.length, 14)
  return Buffer.concat([fixed, rest])
}

/** A value with its type and its length. */
export function tlv(type: number, value: readonly number[]): Buffer {
  return Buffer.from([type, value.length >> 8, value.length & 0xff, ...value])
}
