import { basename, extname } from 'node:path'
import { type Clock, pause } from '../clock.ts'
import type { Track } from './tracks.ts'

/** A file whose tags are not read after so many milliseconds goes by its name. */
const MAX_MS = 250
/** A longer title is cut, in characters. */
const MAX_LENGTH = 300

/** What a track is called, in one line; never rejects. */
export type TitleOf = (track: Track) => Promise<string>

/**
 * Loads what reads tags, which takes memory and time that only those who play files should spend.
 * A track is called by its artist and title, or its title alone, as its tags say, or as its list says, or by its file's name.
 */
export async function loadTitles(clock: Clock): Promise<TitleOf> {
  const { fromFile } = await import('strtok3')
  const { parseFromTokenizer } = await import('music-metadata')

  /** Reads until `signal` aborts, which closes the file: in what is no sound the parser would look for some to the end. */
  async function readTags(path: string, signal: AbortSignal): Promise<string> {
    const file = await fromFile(path, { regularFileOnly: true })
    const close = () => void file.close()
    signal.addEventListener('abort', close)
    try {
      if (signal.aborted) return ''
      const { common } = await parseFromTokenizer(file, { skipCovers: true, duration: false })
      return titleOfTags(common)
    } finally {
      signal.removeEventListener('abort', close)
      await file.close()
    }
  }

  return async ({ path, listedTitle }) => {
    const end = new AbortController()
    const tags = readTags(path, end.signal).catch(() => '')
    const tagged = await Promise.race([tags, pause(clock, MAX_MS, end.signal)])
    end.abort()
    return tagged || inOneLine(listedTitle) || inOneLine(basename(path, extname(path)))
  }
}

function titleOfTags({ artist, title }: { readonly artist?: string; readonly title?: string }): string {
  const [by, name] = [inOneLine(artist), inOneLine(title)]
  return by === '' || name === '' ? name : inOneLine(`${by} - ${name}`)
}

/** Without control characters and line ends of any kind. */
function inOneLine(text: string | undefined): string {
  const line = (text ?? '').replaceAll(/[\p{Cc}\p{Zl}\p{Zp}]+/gu, ' ').trim()
  return new RegExp(`^.{0,${MAX_LENGTH}}`, 'u').exec(line)?.[0] ?? ''
}
