import { basename, resolve } from 'node:path'
import { extensionOf, type PatternPart, partsOf, rootOf, streamName } from './name-pattern.ts'
import { safeName } from './safe-name.ts'
import { conversionOf } from './strftime.ts'

/** Extensions of files whose names have none in the pattern. */
const EXTENSIONS = String.raw`\.(?:mp3|mp2|aac|flac|ogg|oga|opus|wav|bin|raw)`
const NUMBER = String.raw`(?:\.\d+)?`
const CUE_END = /(?:\.part\d+)?\.cue$/u

/** Knows the names that a pattern can make, in the folders that it can make. */
export class NameMatcher {
  /** The folder above all folders and names with variable parts. */
  readonly root: string
  /** For each depth of folders from the root on. */
  readonly #folders: readonly RegExp[]
  readonly #sound: RegExp
  readonly #cue: RegExp

  /** @param streamPath path of a stream; with `*` or a slash at its end, of all streams below it */
  constructor(pattern: string, streamPath: string) {
    const whole = resolve(pattern)
    this.root = rootOf(whole)
    const extension = extensionOf(whole)
    const parts = partsOf(extension === undefined ? whole : whole.slice(0, -extension.length))
    const source = parts.map((part) => textsOf(part, streamTexts(streamPath))).join('')
    const [name = '', ...folders] = source.split('/').toReversed()
    const above = folders.toReversed()
    this.#folders = above.map((_, depth) => exactly(above.slice(0, depth + 1).join('/')))
    const stem = `${above.join('/')}/${name}${NUMBER}`
    const end = extension === undefined ? EXTENSIONS : escaped(extension)
    this.#sound = exactly(`(${stem})${end}`)
    this.#cue = exactly(`${stem}(?:${end})?${CUE_END.source.slice(0, -1)}`)
  }

  /** Whether files of the pattern can be in a folder or below it. */
  hasFolder(path: string): boolean {
    return this.#folders[path.split('/').length - 1]?.test(path) === true
  }

  /** Returns the name of a sound file without its extension; undefined: the path is not that of one. */
  stemOf(path: string): string | undefined {
    const stem = this.#sound.exec(path)?.[1]
    return stem === undefined ? undefined : basename(stem)
  }

  /** Returns the name of a cue sheet without its end, which is that of its sound file; undefined: it is not one. */
  cueStemOf(path: string): string | undefined {
    return this.#cue.test(path) ? basename(path).replace(CUE_END, '') : undefined
  }

  /** Whether a file is a recording or a cue sheet. */
  hasFile(path: string): boolean {
    return this.#sound.test(path) || this.#cue.test(path)
  }
}

function textsOf(part: PatternPart, stream: string): string {
  if (part.kind === 'text') return escaped(part.text)
  if (part.kind === 'stream') return stream
  return part.kind === 'title' ? '.+' : conversionOf(part.letter).texts
}

/** A directory at `/` has streams of any name. */
function streamTexts(path: string): string {
  const isSeveral = path.endsWith('*') || (path !== '/' && path.endsWith('/'))
  if (!isSeveral) return escaped(streamName(path))
  return `${escaped(safeName(path.replace(/^\//u, '').replace(/\*$/u, ''), 1_000))}.+`
}

function exactly(source: string): RegExp {
  return new RegExp(`^${source}$`, 'su')
}

function escaped(text: string): string {
  return text.replaceAll(/[\\^$.*+?()[\]{}|]/g, String.raw`\$&`)
}
