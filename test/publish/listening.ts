import type { Client } from '../client.ts'
import { readIcy } from '../transport/icy/icy.ts'
import type { Kind } from './heard.ts'

/** Bytes of a second of MP3 at 128 kbit/s. */
const MP3_SECOND = 16_000

/** Sound that a listener has received, without titles. */
export function bytesOf(listener: Client): Buffer {
  const isIcy = /^icy-metaint:/im.test(listener.head())
  return isIcy ? readIcy(listener.body()).audio : listener.body()
}

/** Resolves when a listener has received this duration. @param from byte of the sound at which it begins */
export async function hears(listener: Client, kind: Kind, seconds: number, from: number): Promise<void> {
  let { length } = await listener.bodyHas(1)
  while (secondsOf(kind, bytesOf(listener), from) < seconds) {
    ;({ length } = await listener.bodyHas(length + 1))
  }
}

/** Resolves when a listener has received a title: in ICY blocks, or as a comment of Ogg. */
export async function hasTitle(listener: Client, kind: Kind, title: string): Promise<void> {
  for (;;) {
    const body = listener.body()
    const found =
      kind === 'mp3'
        ? readIcy(body).blocks.some(([, text]) => text.includes(`StreamTitle='${title}';`))
        : body.includes(`=${title}`)
    if (found) return
    await listener.bodyHas(body.length + 1)
  }
}

/** Sound of the publisher that began after a byte; pages of Ogg that still came from the one before do not count. */
function secondsOf(kind: Kind, bytes: Buffer, from: number): number {
  if (kind === 'mp3') return (bytes.length - from) / MP3_SECOND
  const pages = pagesOf(bytes)
  const begin = pages.findLastIndex(({ isFirst }) => isFirst)
  if ((pages[begin]?.at ?? 0) < from) return 0
  return Number(pages.at(-1)?.position ?? 0n) / 44_100
}

interface Page {
  readonly at: number
  readonly isFirst: boolean
  readonly position: bigint
}

/** Pages of Ogg in which a packet ends (RFC 3533, section 6). */
function pagesOf(bytes: Buffer): Page[] {
  const pages: Page[] = []
  for (let at = bytes.indexOf('OggS'); at >= 0 && at + 14 <= bytes.length; at = bytes.indexOf('OggS', at + 14)) {
    const position = bytes.readBigInt64LE(at + 6)
    if (position >= 0n) pages.push({ at, isFirst: ((bytes[at + 5] ?? 0) & 2) !== 0, position })
  }
  return pages
}
