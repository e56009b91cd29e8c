import type { FilterOptions, Frame, RingView } from '../../filters/frame-filter.ts'
import type { HubFrame, HubKey } from '../../filters/hub/message.ts'
import { FILTERS } from '../../filters/table.ts'
import type { Run } from './backlog.ts'

/**
 * Keys of frames that have none: the filter of the format receives the frames from the last key on, as it did at the origin, and returns
 * what a listener needs first.
 *
 * ```
 *   run   [key f f f][f f f][f f f]
 *          '------------------^ begin here: the preamble is that of this frame
 * ```
 */

const NOTHING = Buffer.alloc(0)
/** Formats whose preambles are made of earlier frames alone: without these, listeners begin with the frame itself. */
const WITHOUT_HEADERS: ReadonlySet<string> = new Set(['mp3', 'aac-adts', 'raw'])

/**
 * Returns a key for a frame of a run.
 * @param at index of its piece. @param index of the frame in the piece
 * @returns undefined when no listener can begin there
 */
export function makeKey(run: Run, at: number, index: number): HubKey | undefined {
  const own = run.pieces[at]?.message.key
  if (index === 0 && own !== undefined && own.preamble !== null) return own
  const from = run.pieces.findLastIndex(({ message }, i) => i <= at && (message.key?.preamble ?? null) !== null)
  const frames = run.pieces.slice(Math.max(from, 0), at + 1).flatMap(({ message }) => message.frames)
  const after = (run.pieces[at]?.message.frames.length ?? 0) - index - 1
  const until = frames.slice(0, frames.length - after)
  const base = from >= 0 ? run.pieces[from]?.message.key : run.keyBefore
  if (base === undefined) return undefined
  const title = until.reduce((last, frame) => frame.title ?? last, base.title)
  const preamble = from >= 0 ? preambleOf(base, until, true) : preambleOf(base, until.slice(-1), false)
  return preamble === null ? undefined : { ...base, preamble, title }
}

/** @param follow the frames follow the preamble of the key; otherwise frames are missing between the two */
function preambleOf(base: HubKey, frames: readonly HubFrame[], follow: boolean): Buffer | null {
  const wanted = frames.at(-1)
  const entry = FILTERS.get(base.filter)
  const withoutHeaders = WITHOUT_HEADERS.has(base.filter)
  if (wanted === undefined || entry === undefined || (withoutHeaders && !follow)) return NOTHING
  const filter = entry.create(OPTIONS)
  const emitted: Frame[] = []
  const emit = (frame: Frame) => emitted.push(frame)
  filter.push(Buffer.concat([base.preamble ?? NOTHING, ...frames.map(({ bytes }) => bytes)]), emit)
  filter.end(emit)
  const last = emitted.length - 1
  const isFound = emitted[last]?.bytes.equals(wanted.bytes) === true
  // Frames of samples are cut in other places.
  if (!isFound) return withoutHeaders ? NOTHING : base.preamble
  return filter.preamble === undefined ? NOTHING : filter.preamble(last, viewOf(emitted, follow ? 0 : last), true)
}

function viewOf(frames: readonly Frame[], first: number): RingView {
  return { first, next: frames.length, at: (seq) => (seq >= first ? frames[seq] : undefined) }
}

const OPTIONS: FilterOptions = {
  frameBytes: undefined,
  blockBytes: 1,
  byteUs: 0,
  keepTail: false,
  silentByte: 0,
  splice: true,
}
