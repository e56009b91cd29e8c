/** Header fields and host of a request. */
interface Asked {
  readonly method: string
  /** @param name in lower case */
  readonly field: (name: string) => string | undefined
  /** Host that the client requested, with its port; undefined: not known. */
  readonly host: string | undefined
}

/**
 * Whether a page of another site may have made a browser send a request, with the password that the browser remembers. Browsers
 * state that in `Sec-Fetch-Site` (Fetch Metadata) over HTTPS, and otherwise in `Origin`, but not for GET over HTTP.
 */
export function isFromOtherPage({ method, field, host }: Asked): boolean {
  const site = field('sec-fetch-site')
  if (site !== undefined) return site !== 'same-origin' && site !== 'none'
  const origin = field('origin')
  if (origin !== undefined) return hostOf(origin) !== host
  const isBrowser = method === 'GET' && /^Mozilla\/5\.0\b/.test(field('user-agent') ?? '')
  return isBrowser && hostOf(field('referer') ?? '') !== host
}

/** @returns undefined: it is not a URL with a host */
function hostOf(url: string): string | undefined {
  return /^https?:\/\/([^/?#]+)/i.exec(url)?.[1]
}
