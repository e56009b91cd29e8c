/** Destinations of a page, on its own or in a frame (Fetch Metadata Request Headers, section 2.1). */
const DESTINATIONS: ReadonlySet<string> = new Set(['document', 'iframe', 'frame'])
/** Types besides HTML that browsers accept when they open an address: XHTML, or plain text where they show nothing but text. */
const OF_BROWSERS = /application\/xhtml\+xml|text\/(?:plain|\*)/

/**
 * Whether a request is a navigation, so that a page can answer it. Browsers name their destination over HTTPS and from the
 * machine itself; elsewhere their Accept has to show it. Programs in Java send `text/html, image/gif, image/jpeg` and anything
 * else unless they set something else, and play what they get. Players ask for titles or for a range; no navigation does.
 */
export function isNavigation(headers: Pick<ReadonlyMap<string, string>, 'get' | 'has'>): boolean {
  if (headers.has('icy-metadata') || headers.has('range')) return false
  const destination = headers.get('sec-fetch-dest')
  if (destination !== undefined) return DESTINATIONS.has(destination.toLowerCase())
  const accepted = headers.get('accept')?.toLowerCase() ?? ''
  if (!accepted.includes('text/html') || accepted.includes('audio/')) return false
  return OF_BROWSERS.test(accepted) || !accepted.includes('*/*')
}
