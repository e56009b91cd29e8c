import { encodeMessage, type HubKey, type HubMessage } from '../../../filters/hub/message.ts'

/** A message of an origin as it arrived. */
export interface Piece {
  readonly message: HubMessage
  /** The message in bytes. */
  readonly payload: Buffer
  /** Time of the clock, in milliseconds. */
  readonly arrivedAt: number
  /** Duration of its frames, in microseconds; 0 if unknown. */
  readonly soundUs: number
}

/** Maximum duration that a message may state for its frames, in microseconds: more is not believed. */
const MAX_SOUND_US = 60_000_000

/** @returns undefined when its numbers cannot be those of frames */
export function pieceOf(message: HubMessage, payload: Buffer, arrivedAt: number): Piece | undefined {
  const { seq, us, frames, epochBeganAt } = message
  const isNumbered = seq >= 0 && Number.isSafeInteger(seq) && Number.isSafeInteger(seq + frames.length)
  const isPlaced = Number.isFinite(us) && Number.isFinite(epochBeganAt)
  if (!isNumbered || !isPlaced || frames.length === 0) return undefined
  return { message, payload, arrivedAt, soundUs: soundOf(message) }
}

/** Whether listeners can begin with a key. */
export function isUsable(key: HubKey | undefined): key is HubKey {
  return key !== undefined && key.preamble !== null
}

/** Returns the number behind the last frame of a message. */
export function endOf({ seq, frames }: HubMessage): number {
  return seq + frames.length
}

/** Numbering of another origin's frames in place of the own one. */
export interface Renumbering {
  readonly epoch: string
  readonly epochBeganAt: number
  /** Added to the numbers of the frames. */
  readonly seq: number
  /** Added to their positions, in microseconds. */
  readonly us: number
}

/** Differences of a part from what the origin has sent. */
interface PartChanges {
  /** Key of its first frame; undefined: none, or the one that it has. */
  readonly key?: HubKey | undefined
  /** Undefined: the frames keep their numbers. */
  readonly renumbering?: Renumbering | undefined
}

/** Returns a piece without its first frames. @param skipped number of frames left out */
export function partOf(piece: Piece, skipped: number, { key, renumbering }: PartChanges = {}): Piece {
  const { message } = piece
  const skippedUs = message.frames.slice(0, skipped).reduce((sum, { durationUs }) => sum + durationUs, 0)
  const part: HubMessage = {
    ...message,
    epoch: renumbering?.epoch ?? message.epoch,
    epochBeganAt: renumbering?.epochBeganAt ?? message.epochBeganAt,
    seq: message.seq + skipped + (renumbering?.seq ?? 0),
    us: message.us + skippedUs + (renumbering?.us ?? 0),
    frames: message.frames.slice(skipped),
    key: key ?? (skipped === 0 ? message.key : undefined),
  }
  return { message: part, payload: encodeMessage(part), arrivedAt: piece.arrivedAt, soundUs: soundOf(part) }
}

function soundOf({ frames }: HubMessage): number {
  let sum = 0
  for (const { durationUs } of frames) sum += durationUs
  return sum >= 0 && sum <= MAX_SOUND_US ? sum : 0
}
