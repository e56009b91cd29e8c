import type { IncomingMessage } from 'node:http'
import { postText } from '../system/post-text.ts'
import { inOneLine } from '../text/in-one-line.ts'

/** Answer of a directory to a request of the YP protocol. */
export interface DirectoryAnswer {
  /** It has done what it was asked. */
  readonly isAccepted: boolean
  /** Why not, in one line. */
  readonly reason: string
  /** It has answered as a directory: the reason is its own. */
  readonly isAnswer: boolean
  /** Id of a new entry; empty: none. */
  readonly sid: string
  /** Time until the entry is to be renewed, in milliseconds; undefined: not given. */
  readonly renewMs: number | undefined
}

/** Maximum length of the id of an entry, in characters. */
const MAX_SID = 200

/** Sends a form to a directory. Redirects are not followed, and the body of the response is not read. Never rejects. */
export async function askDirectory(
  url: string,
  form: Readonly<Record<string, string>>,
  signal: AbortSignal,
): Promise<DirectoryAnswer> {
  const body = new URLSearchParams(form).toString()
  try {
    return answerOf(await postText(url, 'application/x-www-form-urlencoded', body, signal))
  } catch (error) {
    return failure((error as Error).message)
  }
}

/** @see the fields that Icecast reads */
function answerOf({ statusCode = 0, headers }: IncomingMessage): DirectoryAnswer {
  const field = (name: string) => inOneLine([headers[name]].flat()[0])
  const response = field('ypresponse')
  if (response === '') return failure(`status ${statusCode}, and no YPResponse: this is not a directory`)
  const seconds = /^\d{1,6}$/.test(field('touchfreq')) ? Number(field('touchfreq')) : undefined
  return {
    isAccepted: response === '1',
    reason: field('ypmessage') || 'refused without a reason',
    isAnswer: true,
    sid: field('sid').slice(0, MAX_SID),
    renewMs: seconds === undefined ? undefined : seconds * 1000,
  }
}

function failure(reason: string): DirectoryAnswer {
  return { isAccepted: false, reason, isAnswer: false, sid: '', renewMs: undefined }
}
