/**
 * Builds responses, each as one Buffer that is ready for the socket. No value can add a line to a head: each value is made safe
 * where its line is written.
 *
 * Every response closes its connection. A stream has no length and ends with the connection (RFC 9112, section 6.3), which old
 * players understand as well, unlike chunks.
 */

import { httpDate } from '../../text/utc-time.ts'
import type { RangeAnswer } from './range.ts'
import type { HttpVersion } from './request-head.ts'

/** Header fields by name; undefined leaves one out. A name that is not a token is a bug of the caller and throws. */
type Fields = Readonly<Record<string, string | undefined>>

/** Options of every response. */
export interface AnswerOptions {
  /** Version of the request: players that send 1.0 may not understand another one. Default: 1.1. */
  readonly version?: HttpVersion | undefined
  /** True leaves the body out, for HEAD. Default: false. */
  readonly headOnly?: boolean
  /** Time of the response. Default: now. */
  readonly date?: Date
  /** Reason phrase of the status line, in ASCII. Default: that of the status. */
  readonly phrase?: string | undefined
  /** More header fields; they may replace the usual ones. */
  readonly fields?: Fields
  /** Header fields that are sent in UTF-8. RFC 9110 leaves the meaning of such bytes open, and players read them as UTF-8. */
  readonly utf8Fields?: Fields
}

export interface StreamHeadOptions extends AnswerOptions {
  /** Part of the stream that follows. Default: all of it. */
  readonly range?: RangeAnswer
}

/**
 * Reason phrases of the status codes in use (RFC 9110, section 15). node:http has them all, but takes 6 MB, and is not needed
 * before the first page is requested.
 */
export const REASON_PHRASES: ReadonlyMap<number, string> = new Map([
  [200, 'OK'],
  [204, 'No Content'],
  [206, 'Partial Content'],
  [302, 'Found'],
  [400, 'Bad Request'],
  [401, 'Unauthorized'],
  [403, 'Forbidden'],
  [404, 'Not Found'],
  [405, 'Method Not Allowed'],
  [408, 'Request Timeout'],
  [414, 'URI Too Long'],
  [429, 'Too Many Requests'],
  [431, 'Request Header Fields Too Large'],
  [500, 'Internal Server Error'],
  [503, 'Service Unavailable'],
  [505, 'HTTP Version Not Supported'],
])

const TOKEN = /^[!#$%&'*+\-.^_`|~0-9A-Za-z]+$/

/** Methods that a stream supports. */
const ALLOW = 'GET, HEAD, OPTIONS'

/** Header fields that players in browsers send; a page of another origin may send only those listed here. */
const CORS_HEADERS =
  'Accept, Authorization, Cache-Control, Content-Type, Icy-MetaData, Origin, Pragma, Range, X-Requested-With'

/** Time that a browser may cache the permission, in seconds: a day. Browsers reduce it to their own maximum. */
const CORS_MAX_AGE = '86400'

/**
 * Builds the head of a stream response, or of one with only the first bytes of a stream.
 * @param contentType undefined: not known. A player that gets none inspects the bytes itself (RFC 9110, section 8.3).
 */
export function streamHead(contentType: string | undefined, options: StreamHeadOptions = {}): Buffer {
  const fields = { 'Content-Type': contentType, ...options.fields }
  if (options.range?.kind !== 'probe') return head(200, { ...options, fields })
  const { bytes } = options.range
  const probe = {
    'Accept-Ranges': 'bytes',
    'Content-Range': `bytes 0-${bytes - 1}/*`,
    'Content-Length': String(bytes),
  }
  return head(206, { ...options, fields: { ...fields, ...probe } })
}

/**
 * Builds a short response in plain text.
 * @param line text of the body; line breaks in it become blanks.
 */
export function textAnswer(status: number, line: string, options: AnswerOptions = {}): Buffer {
  const body = `${line.replaceAll(/\p{Cc}+/gu, ' ')}\n`
  const allow = status === 405 ? ALLOW : undefined
  return answer(status, 'text/plain; charset=utf-8', body, { ...options, fields: { Allow: allow, ...options.fields } })
}

/** Builds the response to OPTIONS, by which a browser asks for the permissions of a page of another origin (preflight). */
export function optionsAnswer(options: AnswerOptions = {}): Buffer {
  const fields = {
    Allow: ALLOW,
    'Access-Control-Allow-Methods': ALLOW,
    'Access-Control-Allow-Headers': CORS_HEADERS,
    'Access-Control-Max-Age': CORS_MAX_AGE,
    ...options.fields,
  }
  return head(204, { ...options, fields })
}

function answer(status: number, contentType: string, body: string, options: AnswerOptions): Buffer {
  const bytes = Buffer.from(body)
  const fields = {
    'Content-Type': contentType,
    'Content-Length': String(bytes.length),
    ...options.fields,
  }
  const start = head(status, { ...options, fields })
  return options.headOnly ? start : Buffer.concat([start, bytes])
}

function head(status: number, options: AnswerOptions): Buffer {
  const fields: Fields = {
    Date: httpDate((options.date ?? new Date()).getTime()),
    Connection: 'close',
    'Cache-Control': 'no-store',
    'Access-Control-Allow-Origin': '*',
    'X-Content-Type-Options': 'nosniff',
    ...options.fields,
  }
  const latin = Object.entries(fields).map(([name, value]) => fieldLine(name, value, asLatin1))
  const utf8 = Object.entries(options.utf8Fields ?? {}).map(([name, value]) => fieldLine(name, value, asUtf8))
  const statusLine = `HTTP/${options.version ?? '1.1'} ${status} ${options.phrase ?? REASON_PHRASES.get(status) ?? ''}\r\n`
  return Buffer.from(`${statusLine}${[...latin, ...utf8].join('')}\r\n`, 'latin1')
}

/** RFC 9110, section 5.5: control characters would end or garble the line, and it can only have bytes. */
function fieldLine(name: string, value: string | undefined, toBytes: (value: string) => string): string {
  if (!TOKEN.test(name)) throw new TypeError(`not a header name: ${name}`)
  if (value === undefined) return ''
  return `${name}: ${toBytes(value.replaceAll(/\p{Cc}/gu, ' '))}\r\n`
}

function asLatin1(value: string): string {
  return value.replaceAll(/[^ -\xff]/gu, '?')
}

/** Returns the bytes of UTF-8, each as a character of Latin-1. None of them is a line end. */
function asUtf8(value: string): string {
  return Buffer.from(value).toString('latin1')
}
