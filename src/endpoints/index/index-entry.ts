import { timeWords } from '../../text/time-words.ts'

/** A stream in the index. The browser's side is built with this file too. */
export interface IndexEntry {
  /** Decoded: `/cd`. */
  readonly path: string
  /** Encoded path and query at which players get the sound: `/cd?wav`. */
  readonly listen: string
  /** Empty: the path is shown. */
  readonly name: string
  readonly description: string
  /** `MP3, 128 kbit/s, 44.1 kHz, stereo`; empty: not known. */
  readonly format: string
  /** What is playing; empty: not known. */
  readonly title: string
  /** Undefined: not shown. */
  readonly listeners?: number | undefined
  /** Listeners need a password or a link. */
  readonly isForMembers: boolean
  /** Whether the source is open. */
  readonly isOpen: boolean
  /** Whether there is nothing to hear although a listener would wait: the source is away, or has ended. */
  readonly isOff: boolean
  /** Time for which a publisher has been on air, in milliseconds; undefined: none is. */
  readonly liveMs?: number | undefined
}

/** Response to `/?json`. */
export interface IndexReport {
  readonly streams: readonly IndexEntry[]
}

/** Texts of an entry that may change while the page is open, by the names of its parts. */
export type EntryTexts = Readonly<
  Record<'name' | 'description' | 'title' | 'format' | 'state' | 'listeners' | 'members', string>
>

export function entryTexts({
  path,
  name,
  description,
  title,
  format,
  isForMembers,
  isOpen,
  isOff,
  liveMs,
  listeners,
}: IndexEntry): EntryTexts {
  return {
    name: name || path.slice(1),
    description,
    title,
    format,
    state: stateText(isOpen, isOff, liveMs),
    members: isForMembers ? 'For members' : '',
    listeners:
      listeners === undefined ? '' : `${listeners.toLocaleString('en')} ${listeners === 1 ? 'listener' : 'listeners'}`,
  }
}

function stateText(isOpen: boolean, isOff: boolean, liveMs: number | undefined): string {
  if (liveMs !== undefined) return `Live for ${timeWords(liveMs)}`
  if (isOpen) return 'On air'
  return isOff ? 'Off air' : 'Ready to play'
}

/** Colour of an entry's dot; see `.state` in base.css. */
export function entryTone({ isOpen }: IndexEntry): 'good' | '' {
  return isOpen ? 'good' : ''
}
