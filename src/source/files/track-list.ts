import type { Logger } from '@logtape/logtape'
import type { Clock } from '../../system/clock.ts'
import type { Examine } from './sound.ts'
import { SoundSurvey } from './sound-survey.ts'
import { type Track, tracksBelow } from './tracks.ts'
import type { Warnings } from './warnings.ts'

/** Files of a playlist, looked up at the beginning of each round. Files that are left out are logged when they change. */
export class TrackList {
  /** Undefined: files of any format are played. */
  readonly survey: SoundSurvey | undefined
  readonly #paths: readonly string[]
  readonly #tagCharset: string
  readonly #warnings: Warnings
  readonly #log: Logger
  /** The look-up at launch, until it is done. */
  #atLaunch: Promise<readonly Track[]> | undefined
  #loggedLeftOut: string | undefined

  /** @param tagCharset of lists that are not Unicode. @param examine if set, only files of one format are played. */
  constructor(
    paths: readonly string[],
    tagCharset: string,
    examine: Examine | undefined,
    clock: Clock,
    warnings: Warnings,
    log: Logger,
  ) {
    this.#paths = paths
    this.#tagCharset = tagCharset
    this.#warnings = warnings
    this.#log = log
    this.survey = examine && new SoundSurvey(examine, clock, () => this.#logLeftOut())
    // So that a large folder has been read, and omitted files are known, before the first listener connects.
    if (this.survey !== undefined) this.#lookUpAtLaunch()
  }

  /** Returns the files to play now, in their order. */
  current(): Promise<readonly Track[]> {
    return this.#atLaunch ?? this.#lookUp()
  }

  #lookUpAtLaunch(): void {
    this.#atLaunch = this.#lookUp()
    // A failure is reported to the caller of `current`, or by the next look-up.
    void this.#atLaunch.catch(() => {}).finally(() => (this.#atLaunch = undefined))
  }

  async #lookUp(): Promise<readonly Track[]> {
    this.#warnings.renew()
    const unplayable = new Map<string, number>()
    const tracks = await tracksBelow(this.#paths, {
      tagCharset: this.#tagCharset,
      warn: this.#warnings.warn,
      leaveOut: (extension) => void unplayable.set(extension, (unplayable.get(extension) ?? 0) + 1),
    })
    await this.survey?.begin(tracks, unplayable)
    return tracks
  }

  #logLeftOut(): void {
    const files = this.survey?.leftOut
    const format = this.survey?.chosen?.name ?? 'nothing'
    if (files !== undefined && files !== this.#loggedLeftOut) this.#log.warn('files left out', { format, files })
    this.#loggedLeftOut = files
  }
}
