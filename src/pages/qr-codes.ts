import { renderSVG } from 'uqr'
import { createRatePerClient } from '../access/rate-per-client.ts'
import type { Clock } from '../system/clock.ts'

/** QR codes of addresses, as SVG. */
export interface QrCodes {
  /** @param network the address that the client counts for. @returns undefined when the client has asked for too many */
  of(address: string, network: string): string | undefined
}

/** Space around a code, in modules (ISO/IEC 18004, section 5.3.8). */
const QUIET_ZONE = 4
/** One of the eight masks, all of which decode; looking for the one that reads best takes ten times as long. */
const MASK = 3
/** Codes that are kept: each has up to 50 kB. */
const KEPT = 16
/** A client may have this many new codes at once, and then one a second: each takes some milliseconds. */
const AT_ONCE = 10
const PER_SECOND = 1

export function createQrCodes(clock: Clock): QrCodes {
  const kept = new Map<string, string>()
  const rate = createRatePerClient(PER_SECOND, AT_ONCE, clock)

  function make(address: string): string {
    const code = renderSVG(address, { border: QUIET_ZONE, maskPattern: MASK })
    const [oldest] = kept.keys()
    if (kept.size >= KEPT && oldest !== undefined) kept.delete(oldest)
    kept.set(address, code)
    return code
  }

  return {
    of(address, network) {
      const known = kept.get(address)
      if (known !== undefined || !rate.take(network)) return known
      return make(address)
    },
  }
}
