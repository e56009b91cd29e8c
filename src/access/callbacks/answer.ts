import { decodeText } from '../../text/decode-text.ts'
import type { PostAnswer } from './post.ts'

/** Answer of a callback. */
export type CallbackAnswer =
  | {
      readonly kind: 'yes'
      /** Time after which the listener is disconnected, in milliseconds; undefined: no limit. */
      readonly limitMs: number | undefined
    }
  | {
      readonly kind: 'no'
      /** Reason, in one line; undefined: none is given. */
      readonly message: string | undefined
    }
  | { readonly kind: 'elsewhere'; readonly location: string }
  | { readonly kind: 'failed'; readonly error: string }

/** Maximum length of a reason, in characters. */
const MAX_MESSAGE = 200
const MS_PER_S = 1000

/**
 * Reads an answer in the form of Icecast's URL authentication. Only its head counts: `icecast-auth-user: 1` is a yes. Any other answer
 * with a status of success, 401 or 403 is a no.
 */
export function readAnswer({ status, headers }: PostAnswer): CallbackAnswer {
  if (status >= 300 && status < 400) return elsewhere(headers.location)
  if (status !== 401 && status !== 403 && !(status >= 200 && status < 300))
    return failed(`the answer has status ${status}`)
  const text = (name: string) => String(headers[name] ?? '')
  if (status >= 300 || !/^1\b/.test(text('icecast-auth-user'))) {
    return { kind: 'no', message: messageOf(text('icecast-auth-message')) }
  }
  const limit = text('icecast-auth-timelimit')
  return { kind: 'yes', limitMs: /^\d{1,10}$/.test(limit) ? Number(limit) * MS_PER_S : undefined }
}

function elsewhere(location: string | undefined): CallbackAnswer {
  const isPath = location !== undefined && /^\/[!-~]*$/.test(location)
  if (isPath) return { kind: 'elsewhere', location }
  if (location === undefined || !URL.canParse(location)) return failed('the answer is a redirect without an address')
  const { protocol, href } = new URL(location)
  return /^https?:$/.test(protocol)
    ? { kind: 'elsewhere', location: href }
    : failed(`the answer is a redirect to ${protocol}`)
}

/** Header values are bytes, each as a character of Latin-1. */
function messageOf(value: string): string | undefined {
  return decodeText(Buffer.from(value, 'latin1'), 'latin1').slice(0, MAX_MESSAGE) || undefined
}

function failed(error: string): CallbackAnswer {
  return { kind: 'failed', error }
}
