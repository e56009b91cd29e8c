import { createHash } from 'node:crypto'
import type { Logger } from '@logtape/logtape'
import type { Stream } from '../../stream/stream.ts'
import type { Clock } from '../../system/clock.ts'
import type { Picture } from '../../system/picture.ts'
import { readPictureFile } from '../../system/picture-file.ts'
import type { PlayerPictures } from './player-news.ts'

/** Returns the cover of a file of sound; undefined: it has none. */
export type ReadCover = (file: string) => Promise<Picture | undefined>

/** A picture, with a text that differs after a change. */
export interface VersionedPicture extends Picture {
  readonly version: string
}

/** Pictures of streams: the cover of the file that is played, and the picture of the station (`-picture`). */
export interface Pictures {
  /** Returns the versions of a stream's pictures, as they are or were a few seconds ago. */
  versions(stream: Stream): Promise<PlayerPictures>
  /** Returns the cover, or else the picture of the station. @param kind `station`: the latter only */
  read(stream: Stream, kind: 'station' | 'cover'): Promise<VersionedPicture | undefined>
}

/** Time after which a file is read again, in milliseconds: operators see a change soon, and many pages cost one read. */
const READ_EVERY_MS = 5_000

/** What is known of a file: its picture, which is dropped when no response needs it any more. */
interface Known {
  readonly file: string
  readonly at: number
  readonly version: string | undefined
  readonly picture: WeakRef<VersionedPicture> | undefined
}

/** Result of a look at a file. */
interface Found {
  /** Undefined: it has no picture. */
  readonly version: string | undefined
  /** Undefined also when the bytes were not needed. */
  readonly picture: VersionedPicture | undefined
}

const NONE: Found = { version: undefined, picture: undefined }

type Read = (file: string, stream: Stream) => Promise<Picture | undefined>
type LookUp = (stream: Stream, file: string | undefined, needsBytes: boolean) => Promise<Found>
type InTurn = <Value>(read: () => Promise<Value>) => Promise<Value>

/** Files are read one after another, so that memory for one picture is enough, apart from responses that wait for clients. */
export function createPictures(readCover: ReadCover, clock: Clock, log: Logger): Pictures {
  const inTurn = createTurns()
  const reported = new WeakMap<Stream, string>()
  const readStation: Read = async (file, stream) => {
    const picture = await readPictureFile(file)
    const reason = typeof picture === 'string' ? picture : ''
    if (reason !== '' && reason !== reported.get(stream)) stream.log.warn('picture not read', { file, reason })
    reported.set(stream, reason)
    return typeof picture === 'string' ? undefined : picture
  }
  const readCoverOf: Read = (file) =>
    readCover(file).catch((error: Error) => {
      log.debug('cover not read', { file, error: error.message })
      return undefined
    })
  const cover = createLookUp(readCoverOf, Number.POSITIVE_INFINITY, inTurn, clock)
  const station = createLookUp(readStation, READ_EVERY_MS, inTurn, clock)
  return {
    async versions(stream) {
      const [ofFile, ofStation] = await Promise.all([
        cover(stream, stream.sourceState.file, false),
        station(stream, stream.plan.page.picture, false),
      ])
      return { cover: ofFile.version, station: ofStation.version }
    },
    async read(stream, kind) {
      const ofFile = kind === 'cover' ? (await cover(stream, stream.sourceState.file, true)).picture : undefined
      return ofFile ?? (await station(stream, stream.plan.page.picture, true)).picture
    },
  }
}

/** Returns a function that calls others one after another. */
function createTurns(): InTurn {
  let last: Promise<unknown> = Promise.resolve()
  return (read) => {
    const result = last.then(read)
    last = result.catch(() => {})
    return result
  }
}

/** @param validMs time for which what is known of a file is valid, in milliseconds */
function createLookUp(read: Read, validMs: number, inTurn: InTurn, clock: Clock): LookUp {
  const known = new WeakMap<Stream, Known>()

  function keep(stream: Stream, file: string, found: Picture | undefined): Found {
    const picture = found && { ...found, version: versionOf(found.bytes) }
    const version = picture?.version
    known.set(stream, { file, at: clock.now(), version, picture: picture && new WeakRef(picture) })
    return { version, picture }
  }

  /** @returns undefined: the file must be read */
  function knownOf(stream: Stream, file: string, needsBytes: boolean): Found | undefined {
    const last = known.get(stream)
    if (last === undefined || last.file !== file || clock.now() - last.at >= validMs) return undefined
    const picture = last.picture?.deref()
    const isLost = needsBytes && last.version !== undefined && picture === undefined
    return isLost ? undefined : { version: last.version, picture }
  }

  return async (stream, file, needsBytes) => {
    if (file === undefined) return NONE
    const find = () => knownOf(stream, file, needsBytes)
    // Another client may have let it be read in the meantime.
    return find() ?? inTurn(async () => find() ?? keep(stream, file, await read(file, stream)))
  }
}

function versionOf(bytes: Buffer): string {
  return createHash('sha256').update(bytes).digest('base64url').slice(0, 16)
}
