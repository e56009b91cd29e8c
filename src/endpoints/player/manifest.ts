import { encodePath } from '../../stream/encode-path.ts'
import type { StreamAccess } from '../../transport/stream-access.ts'
import { pageHeaders } from '../headers.ts'
import type { Page } from '../page.ts'
import { carriedQuery } from '../page-access.ts'
import type { PlayedStreams } from './player.ts'
import { withQuery } from './sound-path.ts'
import { createStreamFilePage } from './stream-file-page.ts'
import { fileOf } from './stream-files.ts'
import { streamNames } from './stream-names.ts'

const EXTENSION = '.webmanifest'
/** Colours of the pages, see base.css. */
const [PAPER, ACCENT] = ['#f7f6f3', '#0b6e69']
const PNG = 'image/png'

/** Returns the encoded path of a stream's manifest. */
export function manifestPath(stream: string): string {
  return fileOf(stream, EXTENSION)
}

/** The web app manifest of a stream (W3C), with which its player can be installed as a program of its own. */
export function createManifestPage(streams: PlayedStreams, access: StreamAccess): Page {
  return createStreamFilePage(EXTENSION, streams, access, (stream, path, request, response) => {
    const { about } = stream.plan
    const { root } = request
    const { name } = streamNames(path, about)
    const body = JSON.stringify({
      name,
      short_name: name,
      ...(about.description !== undefined && { description: about.description }),
      id: root + encodePath(path).slice(1),
      start_url: root + withQuery(encodePath(path), carriedQuery(stream, request)).slice(1),
      scope: root,
      display: 'standalone',
      background_color: PAPER,
      theme_color: ACCENT,
      icons: iconsAt(`${root}assets/`),
    })
    response.writeHead(200, { ...pageHeaders(), 'Content-Type': 'application/manifest+json' }).end(`${body}\n`)
  })
}

function iconsAt(assets: string): readonly Readonly<Record<string, string>>[] {
  const [small, large] = [`${assets}icon-192.png`, `${assets}icon-512.png`]
  return [
    { src: small, sizes: '192x192', type: PNG },
    { src: large, sizes: '512x512', type: PNG },
    { src: large, sizes: '512x512', type: PNG, purpose: 'maskable' },
    { src: `${assets}icon.svg`, sizes: 'any', type: 'image/svg+xml' },
  ]
}
