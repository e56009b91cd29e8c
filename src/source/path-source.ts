import { constants, fstatSync } from 'node:fs'
import type { Logger } from '@logtape/logtape'
import type { Clock } from '../system/clock.ts'
import { access, stat } from '../system/file-calls.ts'
import { shownPath, systemPath } from '../text/byte-path.ts'
import { findGiven } from './files/given-path.ts'
import { createFileSource, createGrowthCheck } from './files/regular-file.ts'
import { createFifoSource } from './pipe/fifo.ts'
import { readSingly } from './pipe/read-singly.ts'
import { createStandardInputSource } from './pipe/standard-input.ts'
import { type Source, SourceError } from './source.ts'
import { fileFailure } from './system-failure.ts'

/** Path of the program's own standard input, when no source is named. */
export const STANDARD_INPUT = '/dev/stdin'
const STANDARD_INPUT_PATHS = new Set([STANDARD_INPUT, '/dev/fd/0', '/proc/self/fd/0'])

/** Advice about a file that grows. */
const ADVICE = 'each opening plays the file from its beginning; live sound should be written to a FIFO (mkfifo)'

/** Source of a path: one source, or a directory whose FIFOs are sources. */
export type PathSource = { readonly source: Source } | { readonly directory: string }

/** Whether a path is the program's own standard input. */
export function isStandardInput(path: string): boolean {
  return STANDARD_INPUT_PATHS.has(path)
}

/** Determines how to read a path. @throws SourceError when it is missing or cannot be read at all */
export async function sourceOfPath(given: string, clock: Clock, log: Logger): Promise<PathSource> {
  if (isStandardInput(given)) {
    const input = readSingly(() => process.stdin)
    return { source: { ...createStandardInputSource(input), paced: inputIsFile() } }
  }
  const path = await findGiven(given)
  const entry = await stat(systemPath(path)).catch((error: NodeJS.ErrnoException) => {
    throw error.code === 'ENOENT'
      ? new SourceError(`${given} does not exist (mkfifo creates a FIFO)`)
      : fileFailure(error, given)
  })
  await access(systemPath(path), constants.R_OK).catch(() => {
    throw new SourceError(`${given} is not readable by this user`)
  })
  if (entry.isDirectory()) return { directory: path }
  if (entry.isSocket()) throw new SourceError(`${given} is a socket; a FIFO, a file or a directory of FIFOs is needed`)
  if (entry.isFIFO()) return { source: createFifoSource(path, 'followed', clock) }
  if (!entry.isFile()) return { source: createFileSource(path) }
  const look = createGrowthCheck(() => log.warn('file growth detected', { file: shownPath(path), advice: ADVICE }))
  return { source: { ...createFileSource(path, look), paced: true } }
}

/** `program < FILE`: the shell has opened it, and it is read like any file. */
function inputIsFile(): boolean {
  try {
    return fstatSync(0).isFile()
  } catch {
    // Standard input was closed before the program started.
    return false
  }
}
