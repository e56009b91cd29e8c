import { stat } from 'node:fs/promises'
import { systemPath } from '../../text/byte-path.ts'
import type { Examine, Finding } from './sound.ts'
import { locate, type Track } from './tracks.ts'

interface Examined {
  readonly mtimeMs: number
  readonly size: number
  readonly finding: Finding
}

/** Findings of examined files by path. A file is examined again when its size or its time of change differs. */
export class Findings {
  readonly #examine: Examine
  #byPath = new Map<string, Examined>()

  constructor(examine: Examine) {
    this.#examine = examine
  }

  /** Returns the finding of a track's file. @throws the system's error when the file cannot be read */
  async of(track: Track): Promise<Finding> {
    const { path } = await locate(track)
    const { mtimeMs, size } = await stat(systemPath(path))
    const before = this.#byPath.get(path)
    if (before?.mtimeMs === mtimeMs && before.size === size) return before.finding
    const finding = await this.#examine(path)
    this.#byPath.set(path, { mtimeMs, size, finding })
    return finding
  }

  /** Whether a track is known to have a format; does not examine it. */
  isKnown(track: Track, format: string | undefined): boolean {
    return pathsOf(track).some((path) => {
      const finding = this.#byPath.get(path)?.finding
      return typeof finding === 'object' && finding.format === format
    })
  }

  /** Drops the findings of other files, if there are many. */
  keepOnly(tracks: readonly Track[]): void {
    if (this.#byPath.size <= 2 * tracks.length) return
    const paths = new Set(tracks.flatMap(pathsOf))
    this.#byPath = new Map(Array.from(this.#byPath).filter(([path]) => paths.has(path)))
  }
}

function pathsOf({ path, otherPaths = [] }: Track): readonly string[] {
  return [path, ...otherPaths]
}
