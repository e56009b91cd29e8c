import {
  ALL_ANNOUNCEMENTS,
  ALL_EDGES,
  announcementSubject,
  edgeSubject,
  frameSubject,
  framesOf,
  resendSubject,
} from '../subjects.ts'
import { LIVE_STREAM } from './live-stream.ts'

/** What a program does on a hub: names of streams there, each once. */
export interface HubUse {
  readonly publishes: readonly string[]
  /** `*`: all streams. */
  readonly reads: readonly string[]
}

/** Subjects that a user must be allowed. */
export interface NeededSubjects {
  readonly publish: readonly string[]
  readonly subscribe: readonly string[]
}

/** Any stream, for a program that reads all. */
const ANY = 'any'
/** All frames. */
const ALL_FRAMES = 'ss.a.*.*'

/** @param origin name of the program on the hub */
export function neededSubjects(origin: string, { publishes, reads }: HubUse): NeededSubjects {
  const consumer = 'ss-check'
  const reading = reads.map((name) => {
    const frames = name === '*' ? ALL_FRAMES : framesOf(name)
    return { frames, again: resendSubject(name === '*' ? ANY : name) }
  })
  return {
    publish: [
      ...publishes.flatMap((name) => [frameSubject(name, origin), announcementSubject(name, origin)]),
      ...reading.flatMap(({ frames, again }) => [
        again,
        `$JS.API.CONSUMER.CREATE.${LIVE_STREAM}.${consumer}.${frames}`,
      ]),
      ...(reads.length === 0
        ? []
        : [
            edgeSubject(origin),
            `$JS.API.CONSUMER.MSG.NEXT.${LIVE_STREAM}.${consumer}`,
            `$JS.API.CONSUMER.DELETE.${LIVE_STREAM}.${consumer}`,
          ]),
    ],
    subscribe: [
      ALL_ANNOUNCEMENTS,
      ALL_EDGES,
      ...publishes.map((name) => resendSubject(name)),
      ...reading.map(({ frames }) => frames),
    ],
  }
}
