import type { Test } from 'tap'
import { createHubFilter } from '../../filters/hub/hub-filter.ts'
import { encodeMessage } from '../../filters/hub/message.ts'
import { FILTERS } from '../../filters/table.ts'
import { encodeAnnouncement } from '../../src/hub/announcement.ts'
import { createHub } from '../../src/hub/create-hub.ts'
import { announcementSubject, frameSubject, resendSubject } from '../../src/hub/subjects.ts'
import type { RelayPlan } from '../../src/plan/stream-plan.ts'
import { streamOptions } from '../../src/program/stream-options.ts'
import { Stream } from '../../src/stream/stream.ts'
import type { Clock } from '../../src/system/clock.ts'
import { keepLog } from '../kept-log.ts'
import { streamPlan } from '../plans.ts'
import { numberOf, type OriginOptions, TestOrigin } from './choice-world.ts'
import { createMemoryHub, type MemoryLink } from './memory-link.ts'

/** Settings of a test. */
interface Settings {
  readonly relay?: RelayPlan
  /** Age up to which the hub keeps messages, in milliseconds; default: 10 s. */
  readonly historyMs?: number
  readonly isAway?: boolean
}

/** An origin on a hub in memory. */
interface LinkedOrigin extends TestOrigin {
  readonly link: MemoryLink
}

/** A stream that is read from a hub in memory, and origins that publish there. */
export function openEdge(t: Pick<Test, 'teardown'>, clock: Clock, settings: Settings = {}) {
  const { relay, historyMs = 10_000, isAway = false } = settings
  const room = createMemoryHub(clock, { historyMs })
  const link = room.connect({ isAway })
  const kept = keepLog()
  const wallClock = () => Date.UTC(2026, 4, 31) + clock.now()
  const hub = createHub(link, { origin: 'edge', clock, log: kept.logger, wallClock })
  const source = hub.source({ kind: 'hub', name: 'radio', relay })
  const plan = { ...streamPlan('-path', '/dev/null'), path: '/radio' }
  const inner = FILTERS.get(plan.ingest.filter)
  if (inner === undefined) throw new Error(`${plan.ingest.filter} is not a filter`)
  const stream = new Stream(plan, source, streamOptions(plan, createHubFilter(inner), source), clock, kept.logger)
  const frames: { readonly bytes: Buffer; readonly at: number; readonly opening: number }[] = []
  let openings = 0
  stream.watch({
    pauseMs: 0,
    frameCame() {
      const bytes = stream.ring.at(stream.ring.next - 1)?.bytes
      if (bytes !== undefined) frames.push({ bytes, at: clock.now(), opening: openings })
    },
    chunkEnded() {},
    formatChanged() {},
    openingEnded: () => void openings++,
    sourceRefused() {},
    streamFinished() {},
  })
  const origins: TestOrigin[] = []
  t.teardown(async () => {
    for (const origin of origins) origin.stop()
    await stream.stop('the test is over')
    await hub.close()
  })
  return {
    hub,
    room,
    link,
    source,
    stream,
    frames,
    log: kept,
    /** Numbers in the frames of the ring, in the order of their arrival. */
    get numbers(): number[] {
      return frames.map(({ bytes }) => numberOf(bytes))
    },
    get openings(): number {
      return openings
    },
    origin(name: string, options: OriginOptions): LinkedOrigin {
      const own = room.connect()
      const origin = new TestOrigin(
        name,
        clock,
        (message) => own.publish(frameSubject('radio', name), encodeMessage(message)),
        options,
      )
      own.subscribe(resendSubject('radio'), () => origin.sendAgain())
      own.onConnected(() => origin.sendAgain())
      origins.push(origin)
      return Object.assign(origin, { link: own })
    },
    announce(origin: string, name: string | undefined): void {
      const about = { name, description: undefined, genre: undefined, url: undefined }
      const announcement = { contentType: 'audio/mpeg', format: undefined, about, hidden: false, title: '' }
      room.connect().publish(announcementSubject('radio', origin), encodeAnnouncement(name ? announcement : undefined))
    },
  }
}
