import { constants } from 'node:fs'
import { access, stat } from 'node:fs/promises'
import { shownPath, systemPath } from '../../text/byte-path.ts'
import { printable } from '../../text/printable.ts'
import { SourceError } from '../source.ts'
import { fileFailure } from '../system-failure.ts'
import { isList } from './list-entries.ts'
import type { Examine } from './sound.ts'
import { whyUnfit } from './sound-names.ts'
import { type LookUp, tracksAt } from './tracks.ts'

/** Maximum number of files counted below each path, so that even a large folder is checked quickly. */
const ENOUGH = 1_000

/** Counts the files to play now, up to `ENOUGH` below each path. @throws SourceError about a path without any */
export async function countTracks(
  paths: readonly string[],
  { tagCharset, warn }: Pick<LookUp, 'tagCharset' | 'warn'>,
  examine: Examine | undefined,
): Promise<number> {
  let count = 0
  for (const path of paths) {
    const entry = await stat(systemPath(path)).catch((error: NodeJS.ErrnoException) => {
      throw fileFailure(error, printable(shownPath(path)))
    })
    if (!entry.isFile() && !entry.isDirectory()) throw refusal(path, 'is neither a file nor a folder')
    await access(systemPath(path), constants.R_OK).catch(() => {
      throw refusal(path, 'is not readable by this user')
    })
    const unfit = entry.isFile() ? whyUnfit(path) : undefined
    if (unfit !== undefined && (await isSilent(path, examine))) throw refusal(path, unfit)
    const unplayable = new Set<string>()
    const lookUp = { tagCharset, warn, leaveOut: (extension: string) => void unplayable.add(extension) }
    const { length } = await tracksAt(path, lookUp, ENOUGH)
    if (length === 0) throw refusal(path, isList(path) ? 'has no entry that is a file' : whyEmpty(unplayable))
    count += length
  }
  return count
}

/** A file may hold another kind of sound than its name suggests. */
async function isSilent(path: string, examine: Examine | undefined): Promise<boolean> {
  const finding = await examine?.(path).catch(() => undefined)
  return finding === undefined || finding === 'none' || finding === 'unclear'
}

function whyEmpty(unplayable: ReadonlySet<string>): string {
  const [first] = unplayable
  return first === undefined
    ? 'contains no sound files (MP3, AAC, Ogg, FLAC or WAV)'
    : `contains no playable sound files, only ${[...unplayable].join(', ')}`
}

function refusal(path: string, why: string): SourceError {
  return new SourceError(printable(`${shownPath(path)} ${why}`))
}
