import { extname } from 'node:path'
import type { Finding, Sound } from './sound.ts'
import { otherSound } from './sound-names.ts'

/** Files of one format. */
export interface SoundTotal {
  readonly sound: Sound
  readonly files: number
  readonly seconds: number
}

/** Maximum number of kinds of file that are listed. */
const MAX_KINDS = 10

/** Files of one round: totals of each format, and counts of those without known sound. */
export class SoundTotals {
  readonly #byFormat = new Map<string, SoundTotal>()
  readonly #withoutSound = new Map<string, number>()
  readonly #notExamined: ReadonlyMap<string, number>

  /** @param notExamined numbers of files that cannot be played, by extension. */
  constructor(notExamined: ReadonlyMap<string, number>) {
    this.#notExamined = notExamined
  }

  /** Counts a file; one whose sound is unclear is not counted. */
  add(path: string, finding: Finding): void {
    if (finding === 'unclear') return
    if (finding === 'none') {
      const kind = otherSound(path) ?? `${extname(path)} without known sound`.trim()
      this.#withoutSound.set(kind, (this.#withoutSound.get(kind) ?? 0) + 1)
      return
    }
    const { files, seconds } = this.#byFormat.get(finding.format) ?? { files: 0, seconds: 0 }
    this.#byFormat.set(finding.format, { sound: finding, files: files + 1, seconds: seconds + finding.seconds })
  }

  of(format: string): SoundTotal | undefined {
    return this.#byFormat.get(format)
  }

  /** The format with the most sound, or, if several have the same, with the most files. */
  get longest(): SoundTotal | undefined {
    return Array.from(this.#byFormat.values()).toSorted((a, b) => b.seconds - a.seconds || b.files - a.files)[0]
  }

  /** Returns all files but those of one format, by kind: `12 .m4a; 1 MP3, 48 kHz, stereo`; undefined when there are none. */
  textWithout(format: string | undefined): string | undefined {
    const kinds = new Map(this.#notExamined)
    for (const { files, sound } of this.#byFormat.values()) if (sound.format !== format) kinds.set(sound.name, files)
    for (const [kind, files] of this.#withoutSound) kinds.set(kind, files)
    return kinds.size === 0 ? undefined : kindsText(kinds)
  }
}

function kindsText(kinds: ReadonlyMap<string, number>): string {
  const sorted = Array.from(kinds).toSorted(([, a], [, b]) => b - a)
  const named = sorted.slice(0, MAX_KINDS).map(([kind, files]) => `${files} ${kind}`)
  const more = sorted.slice(MAX_KINDS).reduce((sum, [, files]) => sum + files, 0)
  return (more === 0 ? named : [...named, `${more} more`]).join('; ')
}
