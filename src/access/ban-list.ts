import { isIP } from 'node:net'
import { canonicalAddress, plainAddress } from './address.ts'
import { blockListOf, isIn } from './trusted-proxies.ts'

/** The addresses and ranges that are banned. Any number of single addresses is searched in constant time. */
export class BanList {
  #addresses: ReadonlySet<string> = new Set()
  #ranges = blockListOf([])

  /** @param entries valid addresses and ranges in CIDR notation */
  replace(entries: readonly string[]): void {
    this.#addresses = new Set(entries.filter((entry) => !entry.includes('/')).map(canonicalAddress))
    this.#ranges = blockListOf(entries.filter((entry) => entry.includes('/')))
  }

  /** @param address of a socket or header, in any spelling */
  has(address: string): boolean {
    const [plain = ''] = plainAddress(address).split('%', 1)
    if (isIP(plain) === 0) return false
    const canonical = canonicalAddress(plain)
    return this.#addresses.has(canonical) || isIn(this.#ranges, canonical)
  }
}
