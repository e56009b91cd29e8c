import type { ServedStream } from '../stream/served-stream.ts'

/** Why a client cannot have a stream. */
export interface Refusal {
  /** HTTP status. */
  readonly status: number
  /** Reason, in one line. */
  readonly line: string
}

/** The step between finding a stream and responding with it. @returns undefined when the client may have the stream */
export function refusalOf(stream: ServedStream): Refusal | undefined {
  return stream.isFinished ? { status: 503, line: 'this stream has ended' } : undefined
}
