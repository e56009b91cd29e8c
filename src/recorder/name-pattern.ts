import { dirname, resolve } from 'node:path'
import { safeName, withEnd } from './safe-name.ts'
import { conversionOf, decomposed } from './strftime.ts'

/** Maximum lengths of the variable parts of a name, in bytes: the rest of a name has room beside them. */
const MAX_STREAM_BYTES = 100
const MAX_TITLE_BYTES = 150
/** A name without seconds cannot change more often, in milliseconds, because offsets of time zones are whole minutes. */
const MINUTE_MS = 60_000
const SECOND_MS = 1_000

/** A part of a pattern: text, `%{stream}`, `%{title}`, or a conversion of strftime by its letter. */
export type PatternPart =
  | { readonly kind: 'text'; readonly text: string }
  | { readonly kind: 'stream' }
  | { readonly kind: 'title' }
  | { readonly kind: 'time'; readonly letter: string }

/** Names of the recordings of one stream: a path with conversions of strftime, `%{stream}` and `%{title}`. */
export class NamePattern {
  readonly text: string
  /** Extension that the pattern has, with its dot; undefined: that of the format is added. */
  readonly extension: string | undefined
  /** The name is the same between two multiples of this time since 1970, in milliseconds, except for the title. */
  readonly everyMs: number
  /** The folder above all folders and names with variable parts. */
  readonly root: string
  readonly #parts: readonly PatternPart[]
  readonly #stream: string

  /** @param pattern as `recordingPattern` accepts it */
  constructor(pattern: string, streamPath: string) {
    this.text = pattern
    this.#parts = partsOf(pattern)
    this.#stream = streamName(streamPath)
    this.extension = extensionOf(pattern)
    this.root = rootOf(pattern)
    const hasSeconds = this.#parts.some((part) => part.kind === 'time' && 'sS'.includes(part.letter))
    this.everyMs = hasSeconds ? SECOND_MS : MINUTE_MS
  }

  /** Returns the path of the file without its extension. @param wallMs time in milliseconds since 1970 */
  nameAt(wallMs: number, title: string): string {
    const date = new Date(wallMs)
    const text = this.#parts.map((part) => this.#textOf(part, date, title)).join('')
    const path = this.extension === undefined ? text : text.slice(0, -this.extension.length)
    const [name = '', ...folders] = path.split('/').toReversed()
    return resolve([...folders.toReversed().map((folder) => withEnd(folder, '')), name].join('/'))
  }

  #textOf(part: PatternPart, date: Date, title: string): string {
    if (part.kind === 'text') return part.text
    if (part.kind === 'stream') return this.#stream
    if (part.kind === 'title') return safeName(title, MAX_TITLE_BYTES) || 'untitled'
    return conversionOf(part.letter).format(date)
  }
}

/** Splits a pattern. Abbreviations such as `%F` are split too. */
export function partsOf(pattern: string): PatternPart[] {
  return Array.from(decomposed(pattern).matchAll(/%\{(\w+)\}|%(.)|[^%]+/gsu), ([text, word, letter]): PatternPart => {
    if (word !== undefined) return { kind: word === 'title' ? 'title' : 'stream' }
    return letter === undefined ? { kind: 'text', text } : { kind: 'time', letter }
  })
}

/** Returns the extension of a pattern: a dot and letters or digits at its end, as they are in the name of the file. */
export function extensionOf(pattern: string): string | undefined {
  const [extension] = /(?<=[^/])\.[a-z0-9]{1,8}$/iu.exec(pattern) ?? []
  return extension !== undefined && /[a-z]/iu.test(extension) ? extension : undefined
}

/** Returns the folder of a pattern above all that is variable. */
export function rootOf(pattern: string): string {
  const [fixed = ''] = pattern.split('%', 1)
  return resolve(dirname(`${fixed}x`))
}

/** Returns the name of a stream in those of files: its path, without slashes. */
export function streamName(path: string): string {
  return safeName(path.replace(/^\//u, ''), MAX_STREAM_BYTES) || 'stream'
}
