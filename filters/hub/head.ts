/**
 * Head of a message of the hub as JSON, with short names, because it is a large part of a message of 24 kbit/s. It is read as foreign
 * bytes are: every field is checked, and nothing is allocated before that.
 */
export interface Head {
  /** Epoch: name, and when it began. */
  readonly e: string
  readonly w: number
  /** Number and position of the first frame. */
  readonly q: number
  readonly p: number
  /** When the message was sent. */
  readonly t: number
  /** Lengths of the frames, in bytes. */
  readonly l: readonly number[]
  /** Durations: one for all, or one for each. */
  readonly d: number | readonly number[]
  /** Titles by index. */
  readonly n?: readonly (readonly [number, string])[]
  readonly k?: HeadKey
}

/** What a reader needs to begin with the message. */
interface HeadKey {
  readonly f: string
  readonly c: string
  readonly o: string
  /** Lengths of header and preamble, in bytes; null: there is no preamble. */
  readonly h: number
  readonly p: number | null
  readonly n: string
  readonly r?: RowFields
}

/** When a row of epochs began, number of epochs and segments in it, duration of a segment. */
export type RowFields = readonly [beganAt: number, epochs: number, segments: number, segmentMs: number]

/** Maximum length of a head, in bytes. */
export const MAX_HEAD_BYTES = 64 * 1024
/** Maximum length of a message, in bytes: eight times what a hub permits by default. */
const MAX_MESSAGE_BYTES = 8 * 1024 * 1024
/** Maximum length of a text, in UTF-16 units: more than titles and names of formats have. */
const MAX_TEXT = 4096

const EPOCH = /^[0-9a-f]{12}$/
const FILTER = /^[a-z0-9-]{1,32}$/
/** `type/subtype` with parameters (RFC 9110 8.3.1), as it may stand in a header. */
const MEDIA_TYPE = /^[\w!#$&^.+-]+\/[\w!#$&^.+-]+[ -~]{0,200}$/
/** Media types that are passed on: those of pages and scripts would run in the name of this server. */
const PASSED_ON = /^(?:audio\/|video\/|application\/(?:ogg|octet-stream)(?:$|[ ;]))/i
const UNKNOWN_TYPE = 'application/octet-stream'
const NOT_ONE_LINE = /[\p{Cc}\p{Zl}\p{Zp}]/u

/** Reads a head. @returns why it is not one, in one line, or the head */
export function readHead(json: Buffer): Head | string {
  let value: unknown
  try {
    value = JSON.parse(json.toString('utf8'))
  } catch {
    return 'the head of a message is not JSON'
  }
  if (!isObject(value)) return 'the head of a message is not an object'
  const fault = Object.entries(CHECKS).find(([name, isRight]) => !isRight(value[name], value))
  if (fault !== undefined) return `the head of a message has a wrong field "${fault[0]}"`
  return value as unknown as Head
}

/**
 * Returns the number of bytes that follow the head.
 * @param before bytes of the message up to there @returns why they are too many, or their number
 */
export function bodyBytes({ l: lengths, k: key }: Head, before: number): number | string {
  const bytes = lengths.reduce((sum, length) => sum + length, (key?.h ?? 0) + (key?.p ?? 0))
  const total = before + bytes
  return total <= MAX_MESSAGE_BYTES ? bytes : `a message has ${total} bytes; at most ${MAX_MESSAGE_BYTES} are possible`
}

/** Whether a media type may be in a head. */
export function isMediaType(type: string): boolean {
  return MEDIA_TYPE.test(type)
}

/** Returns the media type of responses: that of a head, if it is one of sound or pictures. */
export function passedOnType(type: string): string {
  return PASSED_ON.test(type) ? type : UNKNOWN_TYPE
}

type Fields = Readonly<Record<string, unknown>>

/** By the name of a field: whether its value is right, for a head with these fields. */
const CHECKS: Readonly<Record<string, (value: unknown, head: Fields) => boolean>> = {
  e: (value) => typeof value === 'string' && EPOCH.test(value),
  w: isAmount,
  q: isCount,
  p: isAmount,
  t: isAmount,
  l: (value) => Array.isArray(value) && value.length > 0 && value.every((one) => isLength(one) && one > 0),
  d: (value, { l }) =>
    Array.isArray(value) ? value.length === (l as readonly unknown[]).length && value.every(isAmount) : isAmount(value),
  n: (value, { l }) =>
    value === undefined ||
    (Array.isArray(value) && value.every((one) => isTitle(one, (l as readonly unknown[]).length))),
  k: (value) => value === undefined || (isObject(value) && isKey(value)),
}

function isKey({ f, c, o, h, p, n, r }: Fields): boolean {
  const hasType = typeof f === 'string' && FILTER.test(f) && typeof c === 'string' && isMediaType(c)
  return hasType && isLine(o) && isLine(n) && isLength(h) && (p === null || isLength(p)) && isRow(r)
}

function isRow(value: unknown): boolean {
  return value === undefined || (Array.isArray(value) && value.length === 4 && value.every(isCount))
}

function isTitle(value: unknown, frames: number): boolean {
  if (!Array.isArray(value) || value.length !== 2) return false
  const [at, title] = value as unknown[]
  return isCount(at) && at < frames && isLine(title)
}

function isLine(value: unknown): boolean {
  return typeof value === 'string' && value.length <= MAX_TEXT && !NOT_ONE_LINE.test(value)
}

function isLength(value: unknown): value is number {
  return isCount(value) && value <= MAX_MESSAGE_BYTES
}

function isCount(value: unknown): value is number {
  return Number.isSafeInteger(value) && (value as number) >= 0
}

function isAmount(value: unknown): boolean {
  return typeof value === 'number' && value >= 0 && value <= Number.MAX_SAFE_INTEGER
}

function isObject(value: unknown): value is Fields {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
}
