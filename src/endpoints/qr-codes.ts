import type { ServerResponse } from 'node:http'
import { renderSVG } from 'uqr'
import { createRatePerClient } from '../access/rate-per-client.ts'
import { remember } from '../access/remember.ts'
import type { Clock } from '../system/clock.ts'
import { pageHeaders } from './headers.ts'

/** QR codes of addresses, as SVG. */
export interface QrCodes {
  /** @param network address under which the client is counted. @returns undefined when the client has requested too many */
  of(address: string, network: string): string | undefined
}

/** Maximum length of an address in a QR code, in characters: phones can still read such a code from a screen. */
const LONGEST_ADDRESS = 400
/** Space around a code, in modules (ISO/IEC 18004, section 5.3.8). */
const QUIET_ZONE = 4
/** One of the eight masks, all of which decode; a search for the most readable one takes ten times as long. */
const MASK = 3
/** Maximum number of cached codes, of up to 50 kB each. */
const KEPT = 16
/** New codes for a client: at most this number at once, and then one per second, because each takes some milliseconds. */
const AT_ONCE = 10
const PER_SECOND = 1

export function createQrCodes(clock: Clock): QrCodes {
  const kept = new Map<string, string>()
  const rate = createRatePerClient(PER_SECOND, AT_ONCE, clock)

  function make(address: string): string {
    const code = renderSVG(address, { border: QUIET_ZONE, maskPattern: MASK })
    remember(kept, address, code, KEPT)
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

/** Sends the QR code of an address, or refuses. @param network address under which the client is counted */
export function sendQrCode(codes: QrCodes, address: string, network: string, response: ServerResponse): void {
  if (address.length > LONGEST_ADDRESS) return refuse(response, 400, 'the address is too long for a QR code')
  const code = codes.of(address, network)
  if (code === undefined) return refuse(response, 429, 'too many QR codes were requested; try again later')
  response.writeHead(200, { ...pageHeaders(), 'Content-Type': 'image/svg+xml' }).end(code)
}

function refuse(response: ServerResponse, status: number, line: string): void {
  response.writeHead(status, { ...pageHeaders(), 'Content-Type': 'text/plain; charset=utf-8' }).end(`${line}\n`)
}
