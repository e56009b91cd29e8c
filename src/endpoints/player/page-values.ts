import type { StreamPlan } from '../../plan/stream-plan.ts'
import { encodePath } from '../../stream/encode-path.ts'
import type { Stream } from '../../stream/stream.ts'
import { isWebAddress } from '../../text/web-address.ts'
import type { TemplateValues } from '../fill-in.ts'
import { requestedAddress } from '../own-address.ts'
import { carriedQuery } from '../page-access.ts'
import type { PageRequest } from '../page-request.ts'
import { manifestPath } from './manifest.ts'
import { picturePath } from './picture-page.ts'
import type { PlayerPictures } from './player-news.ts'
import { playlistPath } from './playlist-files.ts'
import { hasSamples, sharedAddress, soundPath, withQuery } from './sound-path.ts'
import { streamNames } from './stream-names.ts'

/** What the page of a player shows. */
interface ShownStream {
  readonly path: string
  /** Undefined: there is no stream at the path. */
  readonly stream: Stream | undefined
  readonly plan: Pick<StreamPlan, 'about' | 'page'>
  readonly pictures: PlayerPictures
  readonly hasIndex: boolean
}

/** Picture of the program, for sites that cannot show its SVG. */
const ICON = 'assets/icon-512.png'
const PHONE_ICON = 'assets/icon-180.png'

/** Returns the values of the player's page. @param links to other pages, which this client may have */
export function pageValues(
  { path, stream, plan, pictures, hasIndex }: ShownStream,
  request: PageRequest,
  links: readonly TemplateValues[],
): TemplateValues {
  const { description = '', genre = '', url = '' } = plan.about
  const { root } = request
  const carried = carriedQuery(stream, request)
  const sound = soundPath(path, stream, carried)
  const origin = requestedAddress(request)
  const picture = withQuery(picturePath(path), carried).slice(1)
  const still = stillPicture(pictures, picture)
  const shown = pictureAddress(pictures, picture)
  const shared = sharedAddress(path, carried)
  const contentType = hasSamples(stream) ? 'audio/wav' : (stream?.contentType ?? '')
  return {
    root,
    stream: path,
    sound: root + sound.slice(1),
    // Without a query, a browser that navigates there gets this page again.
    bare: root + (hasSamples(stream) ? sound : withQuery(encodePath(path), 'raw', carried)).slice(1),
    events: root + withQuery(encodePath(`/player/${path.slice(1)}`), 'events', carried).slice(1),
    qr: root + withQuery(encodePath(`/player/${path.slice(1)}`), 'qr', carried).slice(1),
    share: root + shared.slice(1),
    carried,
    ...streamNames(path, plan.about),
    description,
    about: description === '' ? [] : [{}],
    genre: genre === '' ? [] : [{ genre }],
    // A publisher may have sent it.
    link: isWebAddress(url) ? [{ url, site: shownAddress(url) }] : [],
    rewind: canGoBack(stream) ? [{ clip: root + soundPath(`/clip${path}`, stream, carried).slice(1) }] : [],
    hls: stream?.plan.hls === undefined ? [] : [{ playlist: root + hlsPath(path, carried).slice(1) }],
    index: hasIndex ? [{}] : [],
    links,
    address: origin + sound,
    page: origin + shared,
    picture: root + picture,
    pictured: shown === undefined ? [] : [{ src: root + shown }],
    plain: shown === undefined ? [{}] : [],
    image: `${origin}/${still ?? ICON}`,
    icon: root + (still ?? PHONE_ICON),
    type: contentType === '' ? [] : [{ contentType }],
    manifest: root + withQuery(manifestPath(path), carried).slice(1),
    m3u: root + withQuery(playlistPath(path, 'm3u'), carried).slice(1),
    pls: root + withQuery(playlistPath(path, 'pls'), carried).slice(1),
  }
}

/** Returns the path of the picture that is shown first, as src/web/player/cover.ts does. */
function pictureAddress({ cover, station }: PlayerPictures, path: string): string | undefined {
  const add = (query: string) => `${path}${path.includes('?') ? '&' : '?'}${query}`
  if (cover !== undefined) return add(`v=${cover}`)
  return station === undefined ? undefined : add(`station=&v=${station}`)
}

/** Returns the path of a picture that stays: that of the station, or else the present cover. */
function stillPicture({ station, cover }: PlayerPictures, path: string): string | undefined {
  if (station !== undefined) return `${path}${path.includes('?') ? '&' : '?'}station`
  return cover === undefined ? undefined : path
}

/** Returns a web address as people write it. */
function shownAddress(url: string): string {
  return url.replace(/^https?:\/\/(www\.)?/i, '').replace(/\/$/, '')
}

/** Whether the page shows how far listeners can go back. */
function canGoBack(stream: Stream | undefined): boolean {
  return stream !== undefined && stream.plan.rewind.ms > 0
}

/** Returns the encoded path and query of the playlist of a stream. @param carried see `carriedQuery` */
function hlsPath(path: string, carried: string): string {
  return withQuery(`/hls${path === '/' ? '' : encodePath(path)}/live.m3u8`, carried)
}
