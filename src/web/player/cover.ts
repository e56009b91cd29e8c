import type { PlayerPictures } from '../../endpoints/player/player-news.ts'
import { element } from '../shared/element.ts'
import { urlAt } from '../shared/url-at.ts'

/** The picture on the page: that of the audible title, of the station, or of this program where others have been shown. */
export interface Cover {
  /**
   * @param pictures undefined: not known, and the picture stays. @param newest title of the newest sound
   * @param heard title of the audible sound, to which the picture belongs
   * @returns its address for the lock screen
   */
  show(pictures: PlayerPictures | undefined, newest: string, heard: string): string
}

const ICON = urlAt('assets/icon-512.png')

/** @param path of the stream's picture, relative to the page */
export function createCover(path: string): Cover {
  const image = element('#picture', HTMLImageElement)
  let shownFor = ''
  let shown = image.hidden ? undefined : image.src
  const use = (address: string | undefined) => {
    if (address === shown) return
    shown = address
    image.src = address ?? ICON
    // Its place is kept once there was one, so that nothing moves.
    image.hidden &&= address === undefined
  }
  // The next file may have begun, without a cover.
  image.addEventListener('error', () => use(undefined))
  return {
    show(pictures, newest, heard) {
      const isNewest = heard === newest
      // The server has the cover of the newest title only.
      if (pictures !== undefined && (isNewest || heard !== shownFor)) {
        use(addressOf(isNewest ? pictures : { station: pictures.station }, path))
        shownFor = heard
      }
      return shown ?? ICON
    },
  }
}

/** With its version, because browsers keep it. */
function addressOf({ cover, station }: PlayerPictures, path: string): string | undefined {
  const version = cover ?? station
  if (version === undefined) return undefined
  const url = new URL(path, location.href)
  if (cover === undefined) url.searchParams.set('station', '')
  url.searchParams.set('v', version)
  return url.href
}
