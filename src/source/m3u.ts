/** Lists of files as players write them: one entry a line, and lines that begin with `#` for all the rest. */
import { extname, resolve } from 'node:path'
import { fileURLToPath } from 'node:url'

/** One line of a list. */
export interface M3uEntry {
  /** As it stands in the list. */
  readonly text: string
  /** Undefined when it is no file: something on the web, or another list. */
  readonly path: string | undefined
  /** What the list says it is. */
  readonly title: string | undefined
}

// Before the comma: seconds, and values in quotes, which may have commas of their own.
const extinf = /^#EXTINF:[^,"]*(?:"[^"]*"[^,"]*)*,(.*)$/i
const scheme = /^[a-z][a-z0-9+.-]+:\/\//i

/** Whether a file is such a list, by its name. */
export function isM3u(path: string): boolean {
  return /^\.m3u8?$/i.test(extname(path))
}

/** @param folder where the list is; entries are relative to it. */
export function* m3uEntries(bytes: Uint8Array, folder: string): Generator<M3uEntry, void> {
  let title: string | undefined
  for (const [line] of textOf(bytes).matchAll(/[^\r\n]+/g)) {
    const text = line.trim()
    if (text.startsWith('#')) title = extinf.exec(text)?.[1] ?? title
    else if (text !== '') {
      yield { text, path: pathOf(text, folder), title }
      title = undefined
    }
  }
}

/** UTF-8 with a byte order mark or without, or else Latin-1, as older players write. */
function textOf(bytes: Uint8Array): string {
  try {
    return new TextDecoder('utf-8', { fatal: true }).decode(bytes)
  } catch {
    return new TextDecoder('latin1').decode(bytes)
  }
}

function pathOf(text: string, folder: string): string | undefined {
  const path = scheme.test(text) ? pathOfUrl(text) : resolve(folder, withSlashes(text))
  return path === undefined || isM3u(path) ? undefined : path
}

function pathOfUrl(url: string): string | undefined {
  try {
    return fileURLToPath(url)
  } catch {
    return undefined
  }
}

/** Lists that were written under Windows have no slashes. */
function withSlashes(text: string): string {
  return text.includes('/') ? text : text.replaceAll('\\', '/')
}
