import { hubName } from './hub-name.ts'
import type { Kind } from './kind.ts'
import { type StreamReference, streamPath } from './stream-path.ts'

/** A stream of the hub; `*`: all of them. */
export interface HubReference {
  readonly hub: string
}

const HUB = 'hub:'

/** A stream of this program, as `/cd`, `/cd?wav` or `/cd?raw`; or of the hub, as `hub:radio` or `hub:*`. */
export const originStream: Kind<StreamReference | HubReference> = {
  name: 'stream',
  placeholder: '/PATH',
  parse(text) {
    if (!text.startsWith(HUB)) return streamPath.parse(text)
    const name = text.slice(HUB.length)
    return { hub: name === '*' ? name : hubName.parse(name) }
  },
}
