import type { RequestStep } from '../source/relay/connect.ts'
import { Search, StatusError, type Upstream } from '../source/relay/find-upstream.ts'
import { shownUrl } from '../source/relay/shown-url.ts'
import { HlsError } from '../source/relay/url-list.ts'
import { SourceError } from '../source/source.ts'
import type { Clock } from '../system/clock.ts'
import type { RequestTimes } from './request-times.ts'

/** Time from the beginning of the probe to the first byte of sound, in milliseconds, whatever number of requests that takes. */
const FIND_MS = 10_000
/** Encoding of titles, fields and lists that are not UTF-8. */
export const CHARSET = 'windows-1252'

/** No sound was found. */
export interface NotFound {
  /** Why, and what to do, in one line. */
  readonly reason: string
  /** Status of the last answer; undefined: there was none, or it was 200. */
  readonly status: number | undefined
}

/** What is missing after a step. */
const MISSING: Readonly<Record<RequestStep, string>> = {
  began: 'no connection',
  'name found': 'no connection',
  connected: 'no answer',
  secured: 'no answer',
  answered: 'no bytes',
  'first byte': 'no end of the playlist',
}
/** What to do, by the status of an answer. */
const STATUS_ADVICE: Readonly<Record<number, string>> = {
  401: 'write the user and the password into the address: http://USER:PASSWORD@HOST/PATH',
  403: 'the server refuses this listener',
  404: 'check the path; many servers answer so while a stream is off the air',
  503: 'the server has no sound for this path, or too many listeners',
}
/** What to do, by the code of a failed connection. */
const CODE_ADVICE: Readonly<Record<string, string>> = {
  ECONNREFUSED: 'start the server, or check the host and the port',
  ENOTFOUND: 'check the name of the host',
  EPROTO: 'use http://',
  ERR_SSL_WRONG_VERSION_NUMBER: 'use http://',
}

/** The connection of a probe. */
export interface ProbeConnection {
  readonly clock: Clock
  /** Ends the connection. */
  readonly opening: AbortController
  /** Aborts when the user wants no more. */
  readonly interruption: AbortSignal
}

/** Finds the sound at an address, as a relay does. */
export async function findStream(
  url: string,
  insecure: boolean,
  times: RequestTimes,
  { clock, opening, interruption }: ProbeConnection,
): Promise<Upstream | NotFound> {
  let missing: string | undefined
  const stop = (limit: string) => {
    // What is requested after the end is of no interest.
    missing ??= `${times.addresses.at(-1) ?? shownUrl(url)}: ${MISSING[times.last ?? 'began']} ${limit}`
    opening.abort()
  }
  const cancel = clock.after(FIND_MS, () => stop(`within ${FIND_MS / 1000} s`))
  const interrupt = () => stop('when it was interrupted')
  interruption.addEventListener('abort', interrupt)
  const options = { charset: CHARSET, insecure, clock, signal: opening.signal, reached: times.reached }
  try {
    return await new Search(options).firstOf([new URL(url)])
  } catch (error) {
    if (!(error instanceof SourceError)) throw error
    return missing === undefined ? notFound(error) : { reason: missing, status: undefined }
  } finally {
    cancel()
    interruption.removeEventListener('abort', interrupt)
  }
}

function notFound(error: Error): NotFound {
  const causes = causesOf(error)
  if (causes.some((cause) => cause instanceof HlsError)) {
    const address = error.message.slice(0, error.message.indexOf(': '))
    const advice = 'give the address of an endless stream, or let ffmpeg read the playlist (ffmpeg -i URL -f null -)'
    return { reason: `${address}: a playlist of HLS, whose sound is in files; ${advice}`, status: undefined }
  }
  const status = causes.find((cause) => cause instanceof StatusError)?.status
  const code = causes.map((cause) => CODE_ADVICE[(cause as NodeJS.ErrnoException).code ?? '']).find(Boolean)
  const advice = status === undefined ? code : STATUS_ADVICE[status]
  return { reason: advice === undefined ? error.message : `${error.message}; ${advice}`, status }
}

/** Returns an error, its cause, the cause of that, and so on. */
function causesOf(error: Error): readonly Error[] {
  const { cause } = error
  return cause instanceof Error ? [error, ...causesOf(cause)] : [error]
}
