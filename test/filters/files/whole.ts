import { repetitions } from '../../repetitions.ts'
import { type CutFile, type Frames, filesEvery } from './cut-files.ts'
import { difference, type Player, play, written } from './players.ts'

/** Number of files, and the duration of each in seconds. Each file is decoded by a process of its own. */
const [FILES, EACH] = [repetitions(12, 60), 2]
/** Duration of what is encoded, in seconds. */
export const SECONDS = FILES * EACH + 1

/** Files of a stream, on disk. */
export interface Files {
  readonly files: readonly CutFile[]
  readonly paths: readonly string[]
}

/** Cuts a stream into files of two seconds, and writes them. */
export function writeFiles(folder: string, frames: Frames): Files {
  const files = filesEvery(EACH, frames)
  if (files.length < FILES) throw new Error(`only ${files.length} files`)
  return { files, paths: files.map(({ bytes, extension }, i) => written(folder, `${i}${extension}`, bytes)) }
}

/**
 * Plays each file by itself. @param whole samples of the uninterrupted stream
 * @returns the largest difference of a sample, leaving out the first `inexact` of each file but the first, in bytes
 */
export function compareEach(player: Player, { paths }: Files, whole: Buffer, inexact = 0): number {
  let [at, largest] = [0, 0]
  for (const [i, path] of paths.entries()) {
    const own = play(player, path)
    const from = i === 0 ? 0 : inexact
    largest = Math.max(largest, difference(own.subarray(from), whole.subarray(at + from, at + own.length)))
    at += own.length
  }
  return at === whole.length ? largest : Number.POSITIVE_INFINITY
}
