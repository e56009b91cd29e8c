import type { Logger } from '@logtape/logtape'
import { createAssets } from '../endpoints/assets.ts'
import { createLivePage } from '../endpoints/live/live.ts'
import { createLowPage, type LowSettings } from '../endpoints/low/low.ts'
import type { Page } from '../endpoints/page.ts'
import { createPages } from '../endpoints/pages.ts'
import { createPlayer, type PlayerOptions } from '../endpoints/player/player.ts'
import { createQrCodes } from '../endpoints/status/qr-codes.ts'
import { createStatusPage, type StatusAccess } from '../endpoints/status/status.ts'
import { createTalkPage } from '../endpoints/talk/talk.ts'
import type { Clock } from '../system/clock.ts'
import { createTalk } from '../talk/talk.ts'
import type { Delegate } from '../transport/delegate.ts'
import type { Subject, Watch } from './page-subject.ts'

/** All pages. */
export interface PageTable {
  readonly delegate: Delegate
  /** Applies a changed configuration. */
  renew(): void
  /** Notifies talking browsers that the program ends; resolves when they have disconnected. */
  close(): Promise<void>
}

/** @param watch undefined: the status page is disabled. */
export function createPageTable(subject: Subject, watch: Watch | undefined, clock: Clock, log: Logger): PageTable {
  const { station, config, isAlone, isSecure: hasTls, liveToken: token } = subject
  const assets = createAssets()
  const codes = createQrCodes(clock)
  const talk = config().talk ? createTalk(clock, log) : undefined
  let own: readonly Page[] = []
  const isPage = (path: string) => own.some((page) => page.owns(path))
  const live =
    subject.live && createLivePage({ live: subject.live, token, isPage, hasTls, isAlone }, assets, clock, log)
  const create = () => {
    const player = createPlayer(station, assets, playerOptions(subject), clock, log)
    own = [
      assets.page,
      player.own,
      ...(watch ? [createStatusPage({ ...watch, access: accessOf(subject), isAlone, assets, codes })] : []),
      ...(talk ? [createTalkPage(talk, assets, { hasTls, isAlone })] : []),
      ...(live ? [live.page] : []),
    ]
    return createPages({ own, ofStreams: [player.ofStreams, createLowPage(lowSettings(subject), clock)] }, clock, log)
  }
  let delegate = create()
  return {
    delegate: (other) => delegate(other),
    renew() {
      delegate = create()
    },
    async close() {
      await Promise.all([talk?.close(), live?.close()])
    },
  }
}

function accessOf({ config }: Subject): StatusAccess {
  return config().status === 'all' ? 'all' : 'local'
}

function playerOptions({ config, samples }: Subject): PlayerOptions {
  const { name, description, genre, url, burst: burstMs, frameAncestors } = config()
  return { about: { name, description, genre, url }, samples: samples()?.format, burstMs, frameAncestors }
}

function lowSettings({ station, deliveryOf, config, samples }: Subject): LowSettings {
  return {
    station,
    deliveryOf,
    samples: () => samples()?.format,
    clientTimeoutMs: () => config().clientTimeout,
  }
}
