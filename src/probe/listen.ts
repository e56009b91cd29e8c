import type { Upstream } from '../source/relay/find-upstream.ts'
import { connectionTo } from '../source/relay/open-relay.ts'
import { SourceError } from '../source/source.ts'
import { CHARSET, type ProbeConnection } from './find-stream.ts'
import { Reception } from './reception.ts'
import type { RequestTimes } from './request-times.ts'

/** Lead over real time at which it is enough, in milliseconds: a file is not to be read as a whole. */
const MAX_LEAD_MS = 120_000
/** The same for bytes without known durations. */
const MAX_BYTES = 256 * 1024 * 1024

/** Why no more is received. */
export type ListenEnd =
  | { readonly kind: 'time' | 'interrupted' | 'enough' }
  /** By the server. @see reason undefined: at a regular end */
  | { readonly kind: 'ended'; readonly reason: string | undefined }

/** What has been received, for how long, and why it ended. */
export interface Heard {
  readonly reception: Reception
  /** From the first byte on, in milliseconds. */
  readonly listenedMs: number
  readonly end: ListenEnd
}

/** Receives a stream for some time, in milliseconds. */
export async function listen(
  upstream: Upstream,
  times: RequestTimes,
  listenMs: number,
  { clock, opening, interruption }: ProbeConnection,
): Promise<Heard> {
  const beganAt = times.firstByteMs ?? times.now()
  const reception = new Reception()
  let end: ListenEnd = { kind: 'ended', reason: undefined }
  const stop = (kind: 'time' | 'interrupted' | 'enough') => {
    if (opening.signal.aborted) return
    end = { kind }
    opening.abort()
  }
  const interrupt = () => stop('interrupted')
  const cancel = clock.after(beganAt + listenMs - times.now(), () => stop('time'))
  if (interruption.aborted) interrupt()
  interruption.addEventListener('abort', interrupt)
  const connection = connectionTo(upstream, CHARSET)
  try {
    for await (const chunk of connection.chunks) {
      // The first chunk arrived before it was examined for a playlist.
      const at = reception.bytes === 0 ? beganAt : times.now()
      reception.take(chunk, at, connection.takeTitle?.())
      if (isEnough(reception, at)) stop('enough')
    }
  } catch (error) {
    if (!(error instanceof SourceError)) throw error
    end = { kind: 'ended', reason: error.message }
  } finally {
    cancel()
    interruption.removeEventListener('abort', interrupt)
  }
  const listenedMs = times.now() - beganAt
  reception.end(beganAt + listenedMs, end.kind === 'ended')
  return { reception, listenedMs, end }
}

function isEnough({ buffer, bytes }: Reception, at: number): boolean {
  return bytes > MAX_BYTES || (buffer !== undefined && buffer.leadAt(at) > MAX_LEAD_MS)
}
