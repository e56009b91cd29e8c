import { basename } from 'node:path'
import { printable } from '../text/printable.ts'

/** A title of a file. */
export interface Track {
  /** Position in the sound of the file, in milliseconds. */
  readonly atMs: number
  /** In one line; empty: it is unknown. */
  readonly title: string
}

/** A cue sheet, or the part of one that is to be appended. */
export interface CueText {
  /** Number of the sheet of its file, from 1. */
  readonly sheet: number
  /** Of the first track of a sheet, it begins with the name of the file. */
  readonly text: string
}

/** Tracks of a sheet: their numbers have two digits. A file with more titles has more sheets. */
const TRACKS_PER_SHEET = 99
/** Number of sheets of a file; further titles are not listed. */
const MAX_SHEETS = 10
/** Positions are in frames of a CD. */
const FRAMES_PER_SECOND = 75

/** Returns the text that lists a track. @param index of the track in the file, from 0. @returns undefined: it is not listed */
export function cueTrack(file: string, index: number, track: Track): CueText | undefined {
  const sheet = Math.floor(index / TRACKS_PER_SHEET) + 1
  if (sheet > MAX_SHEETS) return undefined
  const number = (index % TRACKS_PER_SHEET) + 1
  const lines = [
    ...(number === 1 ? [`FILE ${quoted(basename(file))} ${typeWord(file)}`] : []),
    `  TRACK ${twoDigits(number)} AUDIO`,
    ...titleLines(track.title),
    // The sound before the first title belongs to no track.
    ...(index === 0 && track.atMs > 0 ? ['    INDEX 00 00:00:00'] : []),
    `    INDEX 01 ${position(track.atMs)}`,
  ]
  return { sheet, text: lines.map((line) => `${line}\n`).join('') }
}

/** `Artist - Title` is the usual form of titles on the air. */
function titleLines(text: string): string[] {
  const [performer, ...rest] = text.split(' - ')
  const title = rest.join(' - ').trim()
  if (performer === undefined || performer.trim() === '' || title === '')
    return text === '' ? [] : [`    TITLE ${quoted(text)}`]
  return [`    TITLE ${quoted(title)}`, `    PERFORMER ${quoted(performer.trim())}`]
}

/** Cue sheets have no escapes. */
function quoted(text: string): string {
  return `"${printable(text).replaceAll('"', "'")}"`
}

/** The types are those of CD writers; programs that write FLAC or Ogg call them WAVE. */
function typeWord(file: string): string {
  return /\.mp[123]$/iu.test(file) ? 'MP3' : 'WAVE'
}

function position(ms: number): string {
  const frames = Math.floor((ms * FRAMES_PER_SECOND) / 1000 + 1e-6)
  const seconds = Math.floor(frames / FRAMES_PER_SECOND)
  return [Math.floor(seconds / 60), seconds % 60, frames % FRAMES_PER_SECOND].map(twoDigits).join(':')
}

function twoDigits(number: number): string {
  return `${number}`.padStart(2, '0')
}
