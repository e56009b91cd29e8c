import { type Assets, createAssets } from '../endpoints/assets.ts'
import { createClips } from '../endpoints/clip/clip.ts'
import { IceSources } from '../endpoints/icecast/ice-source.ts'
import { createIcecastStatus } from '../endpoints/icecast/icecast-status.ts'
import { createIndexPage } from '../endpoints/index/index-page.ts'
import { createLivePage } from '../endpoints/live/live.ts'
import { createLowPage } from '../endpoints/low/low.ts'
import { createMetricsPage } from '../endpoints/metrics/metrics-page.ts'
import type { Page } from '../endpoints/page.ts'
import { createPageLinks, type LinksFor } from '../endpoints/page-links.ts'
import { type AllPages, createPages } from '../endpoints/pages.ts'
import { createManifestPage } from '../endpoints/player/manifest.ts'
import { createPicturePage } from '../endpoints/player/picture-page.ts'
import { createPictures } from '../endpoints/player/pictures.ts'
import { createPlayer } from '../endpoints/player/player.ts'
import { createPlaylists } from '../endpoints/player/playlists.ts'
import { createQrCodes, type QrCodes } from '../endpoints/qr-codes.ts'
import { createStatusPage } from '../endpoints/status/status.ts'
import { createTalkPage } from '../endpoints/talk/talk.ts'
import { createViewers, type Viewers } from '../endpoints/viewers.ts'
import type { Metrics } from '../metrics/metrics.ts'
import type { ProgramPlan } from '../plan/program-plan.ts'
import type { StreamPlan } from '../plan/stream-plan.ts'
import type { Registry } from '../station/station.ts'
import { streamsInOrder } from '../station/streams-in-order.ts'
import type { Runtime } from '../system/runtime.ts'
import { createTalk } from '../talk/talk.ts'
import type { Delegate } from '../transport/delegate.ts'
import { indexEntries } from './index-entries.ts'
import { openAdmin } from './open-admin.ts'
import type { Measured } from './open-pages.ts'
import type { Server } from './server.ts'

/** All pages. */
export interface PageTable {
  readonly delegate: Delegate
  /** Applies a changed plan. */
  renew(): void
  /** Notifies talking browsers that the program ends; resolves when they have disconnected. */
  close(): Promise<void>
}

export function createPageTable(
  server: Server,
  { watched, listeners, startedAt }: Measured,
  runtime: Runtime,
): PageTable {
  const { clock, log } = runtime
  const { current, isAlone, isSecure: hasTls, liveToken: token, admins } = server
  const assets = createAssets()
  const viewers = createViewers(admins)
  const codes = createQrCodes(clock)
  const linksFor = createPageLinks({
    status: () => watched && statusAccess(current.plan),
    hasTalk: current.plan.pages.talk,
  })
  const talk = current.plan.pages.talk ? createTalk(clock, log) : undefined
  let own: readonly Page[] = []
  const live =
    token !== undefined && current.plan.pages.talk
      ? createLivePage({ publishing: server.publishing, token, hasTls, isAlone, linksFor }, assets, clock, log)
      : undefined
  const kept = [
    assets.page,
    ...(talk ? [createTalkPage(talk, assets, { hasTls, isAlone, linksFor })] : []),
    ...(live ? [live.page] : []),
  ]
  const streamsOf = () => streamsInOrder(server.registry)
  const metrics = metricsPages(server, viewers, runtime)
  const hls = hlsPage(server)
  const sources = new IceSources(clock)
  const hasStatus = watched !== undefined
  const icecast = [
    ...(hasStatus ? [createIcecastStatus({ streams: streamsOf, sources, startedAt }, clock)] : []),
    openAdmin(server, { streams: streamsOf, viewers, sources, listeners, startedAt, hasStatus }, clock),
  ]
  const create = () => {
    const access = statusAccess(current.plan)
    const status = watched ? [createStatusPage({ ...watched, access, isAlone, viewers, assets, codes, linksFor })] : []
    const streams = createStreamPages(server, { assets, codes, linksFor }, runtime)
    own = [...kept, hls, ...status, ...metrics.pages, ...icecast, ...streams.own]
    return createPages({ own, ofStreams: streams.ofStreams }, clock, log)
  }
  let delegate = create()
  return {
    delegate: (other) => delegate(other),
    renew() {
      delegate = create()
    },
    async close() {
      await Promise.all([talk?.close(), live?.close(), metrics.close()])
    },
  }
}

/** HLS, which is loaded with its first request. */
function hlsPage({ hls, registry, access }: Server): Page {
  const streams = () => streamsInOrder(registry)
  const find = (path: string) => registry.find(path)
  return {
    owns: (path) => hls.loaded !== undefined && path.startsWith('/hls/'),
    async answer(request, response) {
      const { respondWithHls } = await import('../endpoints/hls/hls-page.ts')
      if (hls.loaded !== undefined) await respondWithHls({ hls: hls.loaded, find, streams, access }, request, response)
    },
  }
}

/** prom-client is loaded at the first scrape. */
function metricsPages(
  { current, registry, levels, hls, hub, recordings, refusals, threads, connections, certificateEndsAt }: Server,
  viewers: Viewers,
  { clock }: Runtime,
): { readonly pages: readonly Page[]; close(): Promise<void> } {
  let metrics: Promise<Metrics> | undefined
  const { metrics: access } = current.plan.pages
  if (access === 'off') return { pages: [], close: async () => {} }
  const subject = {
    streams: () => registry.streams(),
    levels,
    hls: hls.figures,
    hub,
    recordings,
    certificateEndsAt,
    refusals,
    threads,
    connections,
  }
  const load = async () => new (await import('../metrics/metrics.ts')).Metrics(subject, clock)
  const page = createMetricsPage({ access, viewers, load: () => (metrics ??= load()) })
  return { pages: [page], close: async () => (await metrics)?.stop() }
}

/** What several pages need. */
interface SharedParts {
  readonly assets: Assets
  readonly codes: QrCodes
  readonly linksFor: LinksFor
}

/** Makes the pages of the streams with the current plan: player, low delay, and the index. */
function createStreamPages(
  { current, registry, deliveryOf, visits, access, isAlone }: Server,
  { assets, codes, linksFor }: SharedParts,
  { clock, log }: Runtime,
): AllPages {
  const { plan } = current
  const defaults = () => defaultsOf(plan)
  const pictures = createPictures(async (file) => (await import('../source/tags/cover.ts')).readCover(file), clock, log)
  const showsListeners = plan.pages.status === 'all'
  const shared = { access, pictures, codes, linksFor, isAlone, showsListeners }
  const player = createPlayer(registry, assets, { defaults, hasIndex: () => hasIndex(registry), ...shared }, clock, log)
  const files = [createPicturePage(registry, pictures, access), createManifestPage(registry, access)]
  const { name, description } = plan.about
  const { frameAncestors } = defaultsOf(plan).page
  const all = () => indexEntries(registry, clock)
  const index = createIndexPage(all, assets, { name, description, frameAncestors, linksFor })
  const low = createLowPage({ station: registry, deliveryOf, visits, access }, clock)
  const playlists = createPlaylists({ streams: registry, all, station: name, access }, clock)
  const clips = createClips(registry, access, clock)
  return { own: [player.own, index, clips, playlists, ...files], ofStreams: [player.ofStreams, low] }
}

/** Whether no stream is at `/`, so that an index of the streams is there. */
function hasIndex(registry: Registry): boolean {
  return ![...(registry.get('/')?.streams() ?? [])].some(({ path }) => path === '/')
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
