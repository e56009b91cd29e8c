import { basename, extname } from 'node:path'
import { shownPath } from '../../text/byte-path.ts'
import { readTags } from '../tags/read-tags.ts'
import type { Tags } from '../tags/tags.ts'
import type { Track } from './tracks.ts'

/** Maximum length of a title, in characters; a longer one is cut. */
const MAX_LENGTH = 300

/**
 * Returns a track's title in one line: artists and title, or the title alone, from its tags, or else from its list or its file
 * name. Few bytes are read, whatever the tags claim, but a slow disk may need time.
 * @param charset of tags that are not Unicode. @returns a promise that never rejects
 */
export async function titleOf(track: Track, charset: string): Promise<string> {
  const tags = await readTags(track.path, charset).catch(() => undefined)
  return (tags === undefined ? '' : titleOfTags(tags)) || titleWithoutTags(track)
}

/** Returns a track's title while its tags are not known. */
export function titleWithoutTags({ path, listedTitle }: Track): string {
  return inOneLine(listedTitle) || inOneLine(shownPath(basename(path, extname(path))))
}

function titleOfTags({ artists, title }: Tags): string {
  const [by, name] = [inOneLine(artists.join(', ')), inOneLine(title)]
  return by === '' || name === '' ? name : inOneLine(`${by} - ${name}`)
}

/** Replaces control characters and line ends of any kind. */
function inOneLine(text: string | undefined): string {
  const line = (text ?? '').replaceAll(/[\p{Cc}\p{Zl}\p{Zp}]+/gu, ' ').trim()
  return new RegExp(`^.{0,${MAX_LENGTH}}`, 'u').exec(line)?.[0] ?? ''
}
