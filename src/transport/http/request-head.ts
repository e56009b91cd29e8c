/**
 * Reads the head of one request, strictly: what RFC 9112 forbids is refused, so that no proxy can read the same bytes
 * differently. Its two tolerances are accepted, a bare LF as line end and empty lines before the request (section 2.2), because
 * publishers need them. Two more are accepted for players: UTF-8 and blanks that are not encoded in a target, and a fragment
 * behind it. They are harmless because each connection has one request, and the head that is passed on is encoded.
 */
import { pathOfBytes } from '../../text/byte-path.ts'

/** One request without its body. */
export interface RequestHead {
  /** As received; methods are case-sensitive. */
  readonly method: string
  /** `/path?query`, `http://host/path?query` or `*`; as received, except for bytes that had to be percent-encoded. */
  readonly target: string
  /**
   * Percent-decoded once, with bytes that are not UTF-8 as in byte-path.ts, and not normalised: `..` and doubled slashes stay.
   * It always starts with a slash, for `*` too, and has no control characters.
   */
  readonly path: string
  readonly query: URLSearchParams
  readonly version: HttpVersion
  /** By name in lower case; values are Latin-1 without blanks around them, those of repeated fields are joined by `, `. */
  readonly headers: ReadonlyMap<string, string>
}

export type HttpVersion = '1.0' | '1.1'

/** A request that is refused. The message is one line for the client, and quotes nothing of the request. */
export class BadRequest extends Error {
  /** Status code of the response. */
  readonly status: 400 | 414 | 431 | 505

  constructor(status: BadRequest['status'], message: string) {
    super(message)
    this.name = 'BadRequest'
    this.status = status
  }
}

/** Maximum header fields: no real client sends as many. */
const MAX_FIELDS = 100
/** Maximum request line, in bytes; every server should accept 8000 (RFC 9112, section 3). */
const MAX_TARGET_BYTES = 8000

const TOKEN = /^[!#$%&'*+\-.^_`|~0-9A-Za-z]+$/
/** Visible ASCII: the authority of an absolute-form, the path, the query. */
const TARGET = /^(?=[!-~]+$)(https?:\/\/[^/?#]+)?(\/[^?#]*)?(?:\?([^#]*))?$/i
/** Requests that set titles. */
const TITLE_TARGET = /^\/admin(?:\.cgi|\/metadata)\?/
const VERSION = /^HTTP\/\d\.\d$/
const ESCAPE = /%([0-9A-Fa-f]{2})/g
const NO_ESCAPE = /%(?![0-9A-Fa-f]{2})/
const CONTROL = /\p{Cc}/u
/** Anything but a tab, a blank, visible ASCII and the upper half of Latin-1 (RFC 9110, section 5.5). */
const NOT_IN_VALUE = /[^\t -~\x80-\xff]/
const HOST = /^(?:\[[0-9A-Fa-f:.]+\]|[\w.~!$&'()*+,;=%-]*)(?::\d*)?$/

/**
 * Reads a request head.
 * @param head from the first byte to the empty line that ends the head; it may end right before that line.
 * @throws BadRequest, and nothing else, whatever the bytes are.
 */
export function parseRequestHead(head: Buffer): RequestHead {
  const [requestLine = '', ...fieldLines] = splitLines(head.toString('latin1'))
  const { method, target, version } = parseRequestLine(requestLine)
  const headers = parseFields(fieldLines)
  // ffmpeg and others send SOURCE, which is not a method of HTTP, with this version too.
  if (version === '1.1' && method !== 'SOURCE' && !headers.has('host'))
    throw new BadRequest(400, 'the Host header is missing')
  return { method, target, version, headers, ...parseTarget(method, target) }
}

/** @returns the head with the request line as it was read: another parser need not have the same tolerances. */
export function canonicalHead(head: Buffer, { method, target, version }: RequestHead): Buffer {
  const line = Buffer.from(`${method} ${target} HTTP/${version}`)
  const start = head.indexOf(line.subarray(0, method.length))
  if (head.indexOf(line) === start) return head
  return Buffer.concat([line, Buffer.from('\r\n'), head.subarray(head.indexOf('\n', start) + 1)])
}

function splitLines(text: string): string[] {
  const lines = text.split('\n').map((line) => (line.endsWith('\r') ? line.slice(0, -1) : line))
  const first = lines.findIndex((line) => line !== '')
  const last = lines.findLastIndex((line) => line !== '')
  return first < 0 ? [] : lines.slice(first, last + 1)
}

/** RFC 9112, section 3: three words with one blank between each. Blanks within the second are left to `encodeTarget`. */
function parseRequestLine(line: string): Pick<RequestHead, 'method' | 'target' | 'version'> {
  const first = line.indexOf(' ')
  const last = line.lastIndexOf(' ')
  const method = line.slice(0, Math.max(first, 0))
  const protocol = line.slice(last + 1)
  const target = encodeTarget(line.slice(first + 1, Math.max(first + 1, last)))
  const isIce = method === 'SOURCE' && protocol === 'ICE/1.0'
  if (target === undefined || !TOKEN.test(method) || !(isIce || VERSION.test(protocol))) {
    throw new BadRequest(400, 'the request line must be: METHOD /path HTTP/1.1')
  }
  if (line === 'PRI * HTTP/2.0') throw new BadRequest(400, 'HTTP/2 is not supported; use HTTP/1.1')
  if (target.length > MAX_TARGET_BYTES) throw new BadRequest(414, `the target is longer than ${MAX_TARGET_BYTES} bytes`)
  const version = isIce ? '1.0' : protocol.slice('HTTP/'.length)
  if (version !== '1.0' && version !== '1.1') throw new BadRequest(505, 'only HTTP/1.0 and HTTP/1.1 are supported')
  return { method, target, version }
}

/**
 * Percent-encodes bytes that players send unencoded, those above ASCII and blanks (RFC 3986, section 2.1), and removes the
 * fragment, which is not for servers (RFC 9110, section 4.2.5).
 * @returns undefined for blanks outside of a path or a query, or with another version behind them
 */
function encodeTarget(sent: string): string | undefined {
  // butt encodes only the blanks of a title, so that a number sign in it does not begin a fragment.
  const [target = ''] = TITLE_TARGET.test(sent) ? [sent.replaceAll('#', '%23')] : sent.split('#', 1)
  if (/^[^/?]* |\/\/[^/?]* | $| HTTP\//i.test(target)) return undefined
  return target.replaceAll(/[ \x80-\xff]/g, (byte) => `%${byte.charCodeAt(0).toString(16).toUpperCase()}`)
}

/** RFC 9112, section 3.2. The authority of an absolute-form is ignored: all host names have the same streams. */
function parseTarget(method: string, target: string): Pick<RequestHead, 'path' | 'query'> {
  if (target === '*' && method === 'OPTIONS') return { path: '/', query: new URLSearchParams() }
  const [, authority, path, query = ''] = TARGET.exec(target) ?? []
  if (authority === undefined && path === undefined) throw new BadRequest(400, 'the target must be a path')
  // A percent sign that encodes nothing stands for itself (URL Standard, section 1.3).
  if (query.includes('%00')) throw new BadRequest(400, 'the query is badly percent-encoded')
  return { path: decodePath(path ?? '/'), query: new URLSearchParams(query) }
}

function decodePath(path: string): string {
  const decoded = tryDecode(path)
  if (decoded === undefined || CONTROL.test(decoded)) throw new BadRequest(400, 'the path is badly percent-encoded')
  return decoded
}

/** Undefined for percent signs without hexadecimal digits. Bytes that are not UTF-8 belong to file names: see byte-path.ts. */
function tryDecode(text: string): string | undefined {
  if (NO_ESCAPE.test(text)) return undefined
  const bytes = text.replaceAll(ESCAPE, (_, hex: string) => String.fromCharCode(Number.parseInt(hex, 16)))
  return pathOfBytes(Buffer.from(bytes, 'latin1'))
}

/** RFC 9112, section 5. */
function parseFields(lines: string[]): Map<string, string> {
  if (lines.length > MAX_FIELDS) throw new BadRequest(431, `there are more than ${MAX_FIELDS} header fields`)
  const fields = new Map<string, string>()
  for (const line of lines) {
    const [name, value] = parseField(line)
    const before = fields.get(name)
    if (name === 'host') checkHost(value, before)
    fields.set(name, before === undefined ? value : `${before}, ${value}`)
  }
  return fields
}

/** A blank before the colon, or at the start of a line (obs-fold), is refused: the name would not be a token. */
function parseField(line: string): [name: string, value: string] {
  const colon = line.indexOf(':')
  const name = line.slice(0, Math.max(colon, 0))
  if (!TOKEN.test(name)) throw new BadRequest(400, 'a header line must be: Name: value')
  const value = line.slice(colon + 1)
  if (NOT_IN_VALUE.test(value)) throw new BadRequest(400, 'a header value contains control characters')
  return [name.toLowerCase(), trimBlanks(value)]
}

/**
 * Removes only tabs and blanks: `trim` would remove the last byte of an `à` in UTF-8, and a pattern may take quadratic time.
 */
function trimBlanks(value: string): string {
  let start = 0
  let end = value.length
  while (start < end && isBlank(value[start])) start++
  while (end > start && isBlank(value[end - 1])) end--
  return value.slice(start, end)
}

function isBlank(character: string | undefined): boolean {
  return character === ' ' || character === '\t'
}

/** RFC 9112, section 3.2. */
function checkHost(value: string, before: string | undefined): void {
  if (before !== undefined) throw new BadRequest(400, 'there is more than one Host header')
  if (!HOST.test(value)) throw new BadRequest(400, 'the Host header is not a host name')
}
