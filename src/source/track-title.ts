import { basename, extname } from 'node:path'
import { shownPath } from '../text/byte-path.ts'
import { readTags } from './tags/read-tags.ts'
import type { Tags } from './tags/tags.ts'
import type { Track } from './tracks.ts'

/** A longer title is cut, in characters. */
const MAX_LENGTH = 300

/**
 * What a track is called, in one line: artists and title, or the title alone, as its tags say, or else as a list or its file's
 * name says. Few bytes are read, whatever the tags claim, but a slow disk may need its time.
 * @param charset of tags that are not Unicode. @returns a promise that never rejects
 */
export async function titleOf(track: Track, charset: string): Promise<string> {
  const tags = await readTags(track.path, charset).catch(() => undefined)
  return (tags === undefined ? '' : titleOfTags(tags)) || titleWithoutTags(track)
}

/** What a track is called as long as its tags are not known. */
export function titleWithoutTags({ path, listedTitle }: Track): string {
  return inOneLine(listedTitle) || inOneLine(shownPath(basename(path, extname(path))))
}

function titleOfTags({ artists, title }: Tags): string {
  const [by, name] = [inOneLine(artists.join(', ')), inOneLine(title)]
  return by === '' || name === '' ? name : inOneLine(`${by} - ${name}`)
}

/** Without control characters and line ends of any kind. */
function inOneLine(text: string | undefined): string {
  const line = (text ?? '').replaceAll(/[\p{Cc}\p{Zl}\p{Zp}]+/gu, ' ').trim()
  return new RegExp(`^.{0,${MAX_LENGTH}}`, 'u').exec(line)?.[0] ?? ''
}
