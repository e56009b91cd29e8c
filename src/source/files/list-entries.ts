/** Entries of playlists as players write them: M3U has one per line, PLS has `File1=`, `Title1=` and so on. */
import { extname, resolve } from 'node:path'
import { pathOfBytes } from '../../text/byte-path.ts'
import { decodeText } from '../../text/decode-text.ts'
import { isSound } from './sound-names.ts'

/** One entry of a list. */
export interface ListEntry {
  /** As written in the list, for display. */
  readonly text: string
  /** Candidate paths, likeliest first; empty when the entry is a URL of the web or another list. */
  readonly paths: readonly string[]
  /** The title in the list. */
  readonly title: string | undefined
  /** A line that begins with `#`: an entry only if that file exists. */
  readonly isDoubtful: boolean
}

/** Parses a list line by line. */
export interface ListReader {
  /** Adds the next line. */
  line(bytes: Buffer): void
  /** Returns the entries parsed up to now, in order. */
  entries(): readonly ListEntry[]
}

// Before the comma: seconds, and quoted values, which may contain commas.
const EXTINF = /^#EXTINF:[^,"]*(?:"[^"]*"[^,"]*)*,(.*)$/i
const DIRECTIVE = /^#(?:EXT|UTF-?8|CURTRACK|PLAYLIST)/i
const PLS_LINE = /^\s*(file|title)(\d{1,7})\s*=/i
const SCHEME = /^[a-z][a-z0-9+.-]+:\/\//i
const FILE_URL = /^file:(?:\/\/(?:localhost)?)?(\/(?!\/).*)$/i
const ESCAPED = /%[0-9a-f]{2}/i
const NOT_ASCII = /[^\0-\x7f]/

/** Whether a file is a supported list, by its name. */
export function isList(path: string): boolean {
  return /^\.(?:m3u8?|pls)$/i.test(extname(path))
}

/**
 * @param path of the list; its name determines the format, and entries are relative to its folder.
 * @param charset of text that is not UTF-8. @param max maximum number of entries; further ones are left out.
 */
export function createListReader(path: string, folder: string, charset: string, max: number): ListReader {
  return /^\.pls$/i.test(extname(path)) ? plsReader(folder, charset, max) : m3uReader(folder, charset, max)
}

function m3uReader(folder: string, charset: string, max: number): ListReader {
  const entries: ListEntry[] = []
  let title: string | undefined
  return {
    entries: () => entries,
    line(bytes) {
      const line = trimmed(bytes)
      if (line.length === 0 || entries.length >= max) return
      const isDoubtful = line[0] === 0x23
      if (isDoubtful) {
        const text = decodeText(line, charset)
        title = EXTINF.exec(text)?.[1] ?? title
        if (DIRECTIVE.test(text) || !isSound(text)) return
      }
      entries.push({ ...entryOf(line, folder, charset, title), isDoubtful })
      if (!isDoubtful) title = undefined
    },
  }
}

function plsReader(folder: string, charset: string, max: number): ListReader {
  const files = new Map<number, Buffer>()
  const titles = new Map<number, string>()
  return {
    line(bytes) {
      const [prefix, key, number] = PLS_LINE.exec(bytes.toString('latin1')) ?? []
      if (prefix === undefined || files.size >= max || titles.size > max) return
      const value = trimmed(bytes.subarray(prefix.length))
      if (key?.toLowerCase() === 'title') titles.set(Number(number), decodeText(value, charset))
      else if (value.length > 0) files.set(Number(number), value)
    },
    entries: () =>
      Array.from(files, ([number, line]) => ({
        ...entryOf(line, folder, charset, titles.get(number)),
        isDoubtful: false,
      })),
  }
}

function entryOf(
  line: Buffer,
  folder: string,
  charset: string,
  title: string | undefined,
): Omit<ListEntry, 'isDoubtful'> {
  const text = decodeText(line, charset)
  const names = SCHEME.test(text) || FILE_URL.test(text) ? namesOfUrl(text) : namesOf(line, text)
  const paths = names.map((name) => resolve(folder, name))
  return { text, paths: [...new Set(paths)].filter((path) => !isList(path)), title }
}

/**
 * Returns candidate names: as written, with slashes in place of backslashes, percent-decoded, and in both Unicode normal forms.
 */
function namesOf(line: Buffer, text: string): string[] {
  const written = [pathOfBytes(line), text].map(withSlashes)
  const names = written.flatMap((name) => (ESCAPED.test(name) ? [name, percentDecoded(name)] : [name]))
  return names.flatMap((name) => (NOT_ASCII.test(name) ? [name, name.normalize('NFC'), name.normalize('NFD')] : [name]))
}

/** A name cannot contain an encoded slash or zero. */
function namesOfUrl(url: string): string[] {
  const path = FILE_URL.exec(url)?.[1]?.replace(/[?#].*$/, '')
  return path === undefined || /%2f|%00/i.test(path) ? [] : [percentDecoded(path)]
}

/** Percent-encoded bytes have no known encoding: VLC writes UTF-8, or the bytes of the name. */
function percentDecoded(text: string): string {
  const bytes = Buffer.from(text).toString('latin1')
  const decoded = bytes.replaceAll(/%([0-9a-f]{2})/gi, (_, hex: string) =>
    String.fromCharCode(Number.parseInt(hex, 16)),
  )
  return pathOfBytes(Buffer.from(decoded, 'latin1'))
}

/** Lists written under Windows have backslashes only. */
function withSlashes(text: string): string {
  return text.includes('/') ? text : text.replaceAll('\\', '/')
}

/** Removes surrounding blanks and tabs. */
function trimmed(line: Buffer): Buffer {
  let [start, end] = [0, line.length]
  while (start < end && isBlank(line[start])) start++
  while (end > start && isBlank(line[end - 1])) end--
  return line.subarray(start, end)
}

function isBlank(byte: number | undefined): boolean {
  return byte === 0x20 || byte === 0x09
}
