import type { EpochRow } from '../frame-filter.ts'
import { bodyBytes, type Head, MAX_HEAD_BYTES, passedOnType, type RowFields, readHead } from './head.ts'

/**
 * Wire form of the frames that travel over a hub:
 *
 * ```
 *   "SSF1"  length of the head (4 bytes, big-endian)  head (JSON, UTF-8)  header  preamble  frame  frame ...
 * ```
 *
 * A message ends by itself, so several may follow one another.
 */

/** One frame of a message. */
export interface HubFrame {
  readonly bytes: Buffer
  /** In microseconds; 0 if unknown. */
  readonly durationUs: number
  /** Title from this frame on, in one line; undefined: no change. */
  readonly title?: string | undefined
}

/** What a reader needs to begin with the first frame of a message. */
export interface HubKey {
  /** Built-in filter that cuts the frames out of their bytes; `raw`: each frame of a message is one. */
  readonly filter: string
  /** Media type of responses; a reader knows those of sound and pictures, and else `application/octet-stream`. */
  readonly contentType: string
  /** Format of the frames, with all properties that a player cannot change. */
  readonly format: string
  /** Bytes that every listener receives first; see `-header-bytes`. */
  readonly header: Buffer
  /** Bytes that a listener of the origin receives before the first frame; null: no listener can begin there. */
  readonly preamble: Buffer | null
  /** Title of the first frame; empty: unknown. */
  readonly title: string
  /** See `EpochMark`; undefined: not known. */
  readonly row?: EpochRow | undefined
}

/** Consecutive frames of one epoch of an origin. */
export interface HubMessage {
  /** Name of the epoch, unique among all origins: 12 hexadecimal digits. */
  readonly epoch: string
  /** When the epoch began, in milliseconds since 1970. */
  readonly epochBeganAt: number
  /** Number of the first frame at the origin. */
  readonly seq: number
  /** Position of the first frame in the epoch, in microseconds. */
  readonly us: number
  /** When it was sent, in milliseconds since 1970, by the clock of the origin. */
  readonly sentAt: number
  readonly frames: readonly HubFrame[]
  /** Undefined in most messages; the first one of an epoch has it, and then one every 2 s. */
  readonly key: HubKey | undefined
}

/** First bytes of every message. */
export const MAGIC = Buffer.from('SSF1')
/** Length of the magic bytes and the length of the head, in bytes. */
export const START_BYTES = MAGIC.length + 4

/** Returns the message in bytes. */
export function encodeMessage(message: HubMessage): Buffer {
  const { frames, key } = message
  const durations = frames.map(({ durationUs }) => durationUs)
  const titles = frames.flatMap(({ title }, at): [number, string][] => (title === undefined ? [] : [[at, title]]))
  const head: Head = {
    e: message.epoch,
    w: message.epochBeganAt,
    q: message.seq,
    p: message.us,
    t: message.sentAt,
    l: frames.map(({ bytes }) => bytes.length),
    d: durations.every((us) => us === durations[0]) ? (durations[0] ?? 0) : durations,
    ...(titles.length > 0 && { n: titles }),
    ...(key !== undefined && {
      k: {
        f: key.filter,
        c: key.contentType,
        o: key.format,
        h: key.header.length,
        p: key.preamble?.length ?? null,
        n: key.title,
        ...(key.row !== undefined && { r: rowFields(key.row) }),
      },
    }),
  }
  const text = Buffer.from(JSON.stringify(head))
  const length = Buffer.alloc(4)
  length.writeUInt32BE(text.length)
  const first = key === undefined ? [] : [key.header, ...(key.preamble === null ? [] : [key.preamble])]
  return Buffer.concat([MAGIC, length, text, ...first, ...frames.map(({ bytes }) => bytes)])
}

/** Reads a whole message, of which its buffers are views. @returns why it is not one, in one line, or the message */
export function decodeMessage(bytes: Buffer): HubMessage | string {
  const start = readStart(bytes)
  if (typeof start === 'string') return start
  const end = START_BYTES + start
  if (bytes.length < end) return 'a message ends within its head'
  const head = readHead(bytes.subarray(START_BYTES, end))
  if (typeof head === 'string') return head
  const body = bodyBytes(head, end)
  if (typeof body === 'string') return body
  const total = end + body
  return bytes.length === total ? messageOf(head, bytes, end) : `a message has ${bytes.length} bytes and not ${total}`
}

/** Reads the first bytes of a message. @returns the length of its head, or why it has none */
export function readStart(bytes: Buffer): number | string {
  if (bytes.length < START_BYTES || !bytes.subarray(0, MAGIC.length).equals(MAGIC)) return 'not a message of the hub'
  const length = bytes.readUInt32BE(MAGIC.length)
  return length <= MAX_HEAD_BYTES
    ? length
    : `the head of a message has ${length} bytes; at most ${MAX_HEAD_BYTES} are possible`
}

/** @param body bytes that hold all that follows the head @param at where that begins */
export function messageOf(head: Head, body: Buffer, at: number): HubMessage {
  let end = at
  const next = (length: number) => body.subarray(end, (end += length))
  const { k } = head
  const key = k && {
    filter: k.f,
    contentType: passedOnType(k.c),
    format: k.o,
    header: next(k.h),
    preamble: k.p === null ? null : next(k.p),
    title: k.n,
    ...(k.r !== undefined && { row: rowOf(k.r) }),
  }
  const titles = new Map(head.n)
  const frames = head.l.map((length, i): HubFrame => {
    const durationUs = typeof head.d === 'number' ? head.d : (head.d[i] ?? 0)
    return { bytes: next(length), durationUs, title: titles.get(i) }
  })
  return { epoch: head.e, epochBeganAt: head.w, seq: head.q, us: head.p, sentAt: head.t, frames, key }
}

function rowFields({ beganAt, epochs, segments, segmentMs }: EpochRow): RowFields {
  return [beganAt, epochs, segments, segmentMs]
}

function rowOf([beganAt, epochs, segments, segmentMs]: RowFields): EpochRow {
  return { beganAt, epochs, segments, segmentMs }
}
