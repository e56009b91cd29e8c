import { createAssets } from '../endpoints/assets.ts'
import { createIndexPage } from '../endpoints/index/index-page.ts'
import { createLivePage } from '../endpoints/live/live.ts'
import { createLowPage } from '../endpoints/low/low.ts'
import type { Page } from '../endpoints/page.ts'
import { createPages } from '../endpoints/pages.ts'
import { createPlayer } from '../endpoints/player/player.ts'
import { createQrCodes } from '../endpoints/status/qr-codes.ts'
import { createStatusPage } from '../endpoints/status/status.ts'
import { createTalkPage } from '../endpoints/talk/talk.ts'
import type { ProgramPlan } from '../plan/program-plan.ts'
import type { StreamPlan } from '../plan/stream-plan.ts'
import type { Runtime } from '../system/runtime.ts'
import { createTalk } from '../talk/talk.ts'
import type { Delegate } from '../transport/delegate.ts'
import { indexEntries } from './index-entries.ts'
import type { WatchedStatus } from './open-pages.ts'
import type { Server } from './server.ts'

/** All pages. */
export interface PageTable {
  readonly delegate: Delegate
  /** Applies a changed plan. */
  renew(): void
  /** Notifies talking browsers that the program ends; resolves when they have disconnected. */
  close(): Promise<void>
}

/** @param watched undefined: the status page is disabled. */
export function createPageTable(server: Server, watched: WatchedStatus | undefined, runtime: Runtime): PageTable {
  const { clock, log } = runtime
  const { current, registry, deliveryOf, isAlone, isSecure: hasTls, liveToken: token } = server
  const assets = createAssets()
  const codes = createQrCodes(clock)
  const talk = current.plan.pages.talk ? createTalk(clock, log) : undefined
  let own: readonly Page[] = []
  const isPage = (path: string) => own.some((page) => page.owns(path))
  const live =
    server.published && createLivePage({ live: server.published, token, isPage, hasTls, isAlone }, assets, clock, log)
  const create = () => {
    const { plan } = current
    const hasIndex = () => isIndexed(plan)
    const player = createPlayer(registry, assets, { defaults: () => defaultsOf(plan), hasIndex }, clock, log)
    own = [
      assets.page,
      player.own,
      ...(watched ? [createStatusPage({ ...watched, access: statusAccess(plan), isAlone, assets, codes })] : []),
      ...(talk ? [createTalkPage(talk, assets, { hasTls, isAlone })] : []),
      ...(live ? [live.page] : []),
      ...(isIndexed(plan) ? [indexPage(plan)] : []),
    ]
    return createPages(
      { own, ofStreams: [player.ofStreams, createLowPage({ station: registry, deliveryOf }, clock)] },
      clock,
      log,
    )
  }
  const indexPage = (plan: ProgramPlan) => {
    const { name, description } = plan.about
    const { frameAncestors } = defaultsOf(plan).page
    return createIndexPage(() => indexEntries(registry), assets, { name, description, frameAncestors })
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

/** Whether no stream is at `/`, so that an index of the streams can be there. */
function isIndexed({ streams }: ProgramPlan): boolean {
  return !streams.some(({ path }) => path === '/')
}

/** Returns the plan of paths without a stream. */
function defaultsOf({ published }: ProgramPlan): Pick<StreamPlan, 'about' | 'page'> {
  const [all] = published.slice(-1)
  if (all === undefined) throw new Error('no plan for published streams')
  return all
}

function statusAccess({ pages }: ProgramPlan): 'all' | 'local' {
  return pages.status === 'all' ? 'all' : 'local'
}
