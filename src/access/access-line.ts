import { maskQuery } from '../text/mask-query.ts'

/** A request as far as the access log shows it. Values of header fields are in Latin-1, each byte a character. */
export interface LoggedRequest {
  /** `GET /path?query HTTP/1.1`; undefined: it could not be read. */
  readonly line: string | undefined
  readonly referer: string | undefined
  readonly agent: string | undefined
}

/** A response that has ended. */
export interface LoggedResponse {
  /** IP address of the client. */
  readonly address: string
  /** Name under which the client has logged in; undefined: none. */
  readonly user: string | undefined
  /** Time of the request, in milliseconds since 1970. */
  readonly time: number
  /** See `quotedRequest`, `quotedFields`. */
  readonly request: string
  readonly fields: string
  readonly status: number
  /** Bytes of the body. */
  readonly bytes: number
  /** Time from the request to the end of the response, in milliseconds. */
  readonly ms: number
}

const MONTHS = ['Jan', 'Feb', 'Mar', 'Apr', 'May', 'Jun', 'Jul', 'Aug', 'Sep', 'Oct', 'Nov', 'Dec']
/** Maximum length of a header field in the log, in characters: it is kept as long as its listener is connected. */
const MAX_FIELD_LENGTH = 1_000
const ESCAPED = /["\\]|[^ -~]/g
const NOT_IN_USER = /["\\]|[^!-~]/g

/** Returns the line of a response in the combined format of Apache, and the seconds that it took. */
export function accessLine(response: LoggedResponse): string {
  const { address, user, time, request, fields, status, bytes, ms } = response
  const size = bytes > 0 ? bytes : '-'
  const seconds = (ms / 1_000).toFixed(3)
  return `${address} - ${userOf(user)} [${timeOf(time)}] ${request} ${status} ${size} ${fields} ${seconds}\n`
}

/** Returns the request line in quotes, without secrets. */
export function quotedRequest(line: string | undefined): string {
  if (line === undefined) return '"-"'
  const [, method = '', target = '', version = ''] = /^(\S+) (\S+) (\S+)$/.exec(line) ?? []
  return flat(`"${escaped(`${method} ${maskQuery(target)} ${version}`)}"`)
}

/** Returns the referring page, without secrets, and the user agent, each in quotes. */
export function quotedFields({ referer = '-', agent = '-' }: Pick<LoggedRequest, 'referer' | 'agent'>): string {
  const page = maskQuery(referer).slice(0, MAX_FIELD_LENGTH)
  return flat(`"${escaped(page)}" "${escaped(agent.slice(0, MAX_FIELD_LENGTH))}"`)
}

/** As Apache does, so that no client can forge a line: a quotation mark and a backslash, and all that is not ASCII. */
function escaped(text: string): string {
  return text.replaceAll(ESCAPED, escapedCharacter)
}

function escapedCharacter(character: string): string {
  if (character === '"' || character === '\\') return `\\${character}`
  return `\\x${(character.charCodeAt(0) & 0xff).toString(16).padStart(2, '0')}`
}

/** A name may have any characters; a blank in it would be the end of the field. */
function userOf(user: string | undefined): string {
  if (user === undefined || user === '') return '-'
  return Buffer.from(user).toString('latin1').replaceAll(NOT_IN_USER, escapedCharacter)
}

/** Returns a copy with memory of its own: a part of a request head would keep the whole head. */
function flat(text: string): string {
  return Buffer.from(text, 'latin1').toString('latin1')
}

let formattedSecond = Number.NaN
let formatted = ''

/** Returns the local time: `29/Nov/2026:11:52:21 +0000`. The last one is kept, because many responses have the same. */
function timeOf(time: number): string {
  const second = Math.floor(time / 1_000)
  if (second !== formattedSecond) {
    formattedSecond = second
    formatted = formatTime(new Date(time))
  }
  return formatted
}

function formatTime(date: Date): string {
  const day = `${two(date.getDate())}/${MONTHS[date.getMonth()]}/${date.getFullYear()}`
  const clock = [date.getHours(), date.getMinutes(), date.getSeconds()].map(two).join(':')
  const offset = -date.getTimezoneOffset()
  const minutes = Math.abs(offset)
  return `${day}:${clock} ${offset < 0 ? '-' : '+'}${two(Math.floor(minutes / 60))}${two(minutes % 60)}`
}

function two(number: number): string {
  return String(number).padStart(2, '0')
}
