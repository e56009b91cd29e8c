import { isAddressRange } from '../../text/address-range.ts'
import { RefusedValue } from '../../text/refused-value.ts'
import type { Kind } from './kind.ts'

/** Addresses and ranges of addresses (CIDR), separated by commas. */
export const addressRanges: Kind<readonly string[]> = {
  name: 'address-ranges',
  placeholder: 'CIDR,...',
  parse(text) {
    const ranges = text.split(',').map((range) => range.trim())
    const wrong = ranges.find((range) => !isAddressRange(range))
    if (wrong !== undefined) throw new RefusedValue('needs addresses or ranges such as 10.0.0.0/8,fd00::/8')
    return ranges
  },
}
