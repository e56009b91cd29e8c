import type { Stream } from '../stream/stream.ts'
import { maskSecrets } from '../text/mask-secrets.ts'
import type { StreamStatus } from './report.ts'
import { toldText } from './safe-text.ts'
import type { Moments } from './timestamps.ts'

type PeerStatus = Pick<StreamStatus, 'publisher' | 'relay' | 'from'>

const NONE: PeerStatus = { publisher: null, relay: null, from: null }

/**
 * Returns the other end of a stream's source, as long as the source is open.
 * @param showsAddresses false: omits addresses, users and URLs
 */
export function peerStatus(
  { sourceState }: Pick<Stream, 'sourceState'>,
  moment: Moments,
  showsAddresses: boolean,
): PeerStatus {
  const { peer } = sourceState
  // The origin that is heard is a part of `hub`.
  if (peer === undefined || peer.kind === 'hub') return NONE
  const since = moment(sourceState.since)
  const name = toldText(maskSecrets(peer.name))
  if (peer.kind === 'stream') return { ...NONE, from: { path: name, since } }
  const shownName = showsAddresses ? name : null
  if (peer.kind === 'relay') return { ...NONE, relay: { url: shownName, since } }
  const user = showsAddresses && peer.user ? toldText(peer.user) : null
  const agent = peer.agent ? toldText(peer.agent) : null
  return { ...NONE, publisher: { address: shownName, user, agent, since } }
}

/** Returns what is heard in place of the source. @param showsFiles false: omits the path of a file or folder */
export function fallbackStatus(
  { fallback }: Pick<Stream, 'fallback'>,
  moment: Moments,
  showsFiles: boolean,
): StreamStatus['fallback'] {
  if (fallback === undefined) return null
  const { kind, name, since } = fallback
  return { playing: kind === 'stream' || showsFiles ? toldText(name) : null, since: moment(since) }
}
