import type { IncomingMessage } from 'node:http'
import { describedBy, fieldText } from '../source/peer-fields.ts'
import type { Upstream } from '../source/relay/find-upstream.ts'
import { shownUrl } from '../source/relay/shown-url.ts'
import { CHARSET } from './find-stream.ts'

/** How a server describes its stream. */
export interface ServerFacts {
  /** Address with the sound, behind redirects and playlists. */
  readonly address: string
  readonly status: number | undefined
  readonly server: string | undefined
  readonly contentType: string | undefined
  /** Length of the body, in bytes: it is a file. */
  readonly contentLength: number | undefined
  readonly name: string | undefined
  readonly description: string | undefined
  readonly genre: string | undefined
  /** Bit rate by `icy-br`, in kbit/s. */
  readonly icyBitRateKbps: number | undefined
}

/** Reads the fields of an answer. */
export function serverFacts({ url, answer }: Upstream): ServerFacts {
  const text = (name: string) => fieldOf(answer, name)
  const { about } = describedBy(text)
  return {
    address: shownUrl(url),
    status: answer.statusCode,
    server: text('server'),
    contentType: text('content-type'),
    contentLength: numberOf(text('content-length')),
    name: about?.name,
    description: about?.description,
    genre: about?.genre,
    icyBitRateKbps: numberOf(text('icy-br')),
  }
}

function fieldOf({ headers }: IncomingMessage, name: string): string | undefined {
  return fieldText([headers[name]].flat()[0], CHARSET)
}

function numberOf(text: string | undefined): number | undefined {
  const digits = /^\s*(\d{1,15})\b/.exec(text ?? '')?.[1]
  return digits === undefined ? undefined : Number(digits)
}
