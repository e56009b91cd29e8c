import { basename, extname } from 'node:path'
import { shownPath } from '../../text/byte-path.ts'
import { inOneLine } from '../../text/in-one-line.ts'
import { readTags } from '../tags/read-tags.ts'
import type { Tags } from '../tags/tags.ts'
import type { Track } from './tracks.ts'

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
