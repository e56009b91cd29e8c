import { comparePlaylists, durationOf } from './compare-playlists.ts'
import { type ListedSegment, type ParsedPlaylist, parsePlaylist } from './parse-playlist.ts'
import { readInit } from './read-fragments.ts'
import { type SegmentSound, soundOf } from './segment-sound.ts'
import { SoundSequence } from './sound-sequence.ts'

/** Answer to a request. */
export interface Answer {
  readonly status: number
  readonly type: string | undefined
  readonly bytes: Buffer
}

/** A segment that was listed. */
interface Known {
  readonly listed: ListedSegment
  readonly bytes: Buffer
  /** Duration of the longest playlist that had it, in seconds. */
  longest: number
  /** When it was last listed, in milliseconds; undefined: it is. */
  removedAt: number | undefined
}

/** Maximum time between two versions of a playlist, in target durations (section 6.2.1), and what requests may take, in seconds. */
const LATEST = 1.5
const REQUEST_SECONDS = 1
/** Media types by extension. */
const TYPES: Readonly<Record<string, string>> = { mp3: 'audio/mpeg', aac: 'audio/aac', m4s: 'audio/mp4' }

/**
 * Checks successive loads of one live Media Playlist and its segments by RFC 8216. Every segment is requested when it is first
 * listed; and after it was removed at each load, for as long as it must be available.
 */
export class Validator {
  /** Rules that were broken, in one line each. */
  readonly faults: string[] = []
  readonly #request: (uri: string) => Promise<Answer>
  readonly #known = new Map<number, Known>()
  readonly #inits = new Map<string, Buffer>()
  readonly #sequence = new SoundSequence(this.faults)
  readonly #now: () => number
  #last: ParsedPlaylist | undefined
  /** Times of the last load, and of the last one with a new segment. */
  #loadedAt = 0
  #changedAt = 0

  /** @param request gets what a URI of the playlist refers to @param now returns the time, in milliseconds */
  constructor(request: (uri: string) => Promise<Answer>, now: () => number) {
    this.#request = request
    this.#now = now
  }

  /** Number of segments that were read. */
  get segments(): number {
    return this.#known.size
  }

  /** Duration of their sound, in seconds. */
  get seconds(): number {
    return this.#sequence.seconds
  }

  /** Checks a load. */
  async load(text: string): Promise<void> {
    const at = this.#now()
    const playlist = parsePlaylist(text)
    this.faults.push(...playlist.faults)
    if (this.#last !== undefined) this.faults.push(...comparePlaylists(this.#last, playlist))
    this.#checkAge(playlist, at)
    this.#last = playlist
    for (const listed of playlist.segments) if (!this.#known.has(listed.sequence)) await this.#add(listed)
    const [first] = playlist.segments
    for (const known of this.#known.values()) {
      if (first !== undefined && known.listed.sequence < first.sequence) known.removedAt ??= this.#loadedAt
      else known.longest = Math.max(known.longest, durationOf(playlist))
      await this.#requestAgain(known)
    }
    this.#loadedAt = at
  }

  #checkAge(playlist: ParsedPlaylist, at: number): void {
    const newest = this.#last?.segments.at(-1)?.sequence
    const isNew = newest === undefined || playlist.segments.at(-1)?.sequence !== newest
    const seconds = (at - this.#changedAt) / 1000
    if (isNew) this.#changedAt = at
    else if (!playlist.hasEnded && seconds > LATEST * playlist.targetDuration + REQUEST_SECONDS) {
      this.faults.push(`no new segment for ${seconds} s; the target duration is ${playlist.targetDuration} s`)
    }
  }

  async #add(listed: ListedSegment): Promise<void> {
    const { status, type, bytes } = await this.#request(listed.uri)
    this.#known.set(listed.sequence, { listed, bytes, longest: 0, removedAt: undefined })
    if (status !== 200) this.faults.push(`${listed.uri} is listed, and answered with ${status}`)
    const extension = /\.(\w+)(\?.*)?$/.exec(listed.uri)?.[1] ?? ''
    if (type !== TYPES[extension]) this.faults.push(`${listed.uri} has the type ${type}`)
    const sound = await this.#read(listed, bytes, extension)
    if (sound !== undefined) this.#sequence.add(listed, sound)
  }

  async #read({ uri, map }: ListedSegment, bytes: Buffer, extension: string): Promise<SegmentSound | undefined> {
    try {
      if ((extension === 'm4s') !== (map !== undefined))
        throw new Error(`has ${map === undefined ? 'no' : 'an'} EXT-X-MAP`)
      return soundOf(bytes, map === undefined ? undefined : await this.#init(map))
    } catch (error) {
      this.faults.push(`${uri}: ${(error as Error).message}`)
      return undefined
    }
  }

  async #init(map: string): Promise<Buffer> {
    const known = this.#inits.get(map)
    if (known !== undefined) return known
    const { status, bytes } = await this.#request(map)
    if (status !== 200) throw new Error(`${map} is answered with ${status}`)
    readInit(bytes)
    this.#inits.set(map, bytes)
    return bytes
  }

  /** It is available for its duration and that of the longest playlist after it was removed (section 6.2.2). */
  async #requestAgain({ listed, bytes, longest, removedAt }: Known): Promise<void> {
    if (removedAt === undefined) return
    const goneFor = (this.#now() - removedAt) / 1000
    if (goneFor + REQUEST_SECONDS > longest + listed.duration) return
    const again = await this.#request(listed.uri)
    if (again.status !== 200) {
      this.faults.push(`${listed.uri} is answered with ${again.status}, at most ${goneFor} s after it was removed`)
    } else if (!again.bytes.equals(bytes)) this.faults.push(`${listed.uri} has changed`)
  }
}
