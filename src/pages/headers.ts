/** What a page of this server may do in a browser, and nobody else with it. */

/** What a page needs beyond what all of them may. */
export interface PageNeeds {
  /** Default: false. */
  readonly microphone?: boolean
  /** Pages that may show this one in a frame, as CSP names them (`'self' https://radio.example`); `*`: all. Default: none. */
  readonly frameAncestors?: string
}

/**
 * Content Security Policy Level 3. Everything comes from this server: scripts, worklets and styles as files of their own,
 * nothing inline. `blob:` is for sound that a page itself has made; `data:` for images in styles, such as arrows.
 */
const POLICY = [
  "default-src 'none'",
  "script-src 'self'",
  "worker-src 'self'",
  "style-src 'self'",
  "connect-src 'self'",
  "media-src 'self' blob:",
  "img-src 'self' data:",
  "base-uri 'none'",
  "form-action 'none'",
]

const DENIED = ['camera', 'geolocation', 'display-capture', 'payment', 'usb', 'serial', 'midi']

/** The header fields of every answer to a browser that is no stream. */
export function pageHeaders({ microphone = false, frameAncestors = "'none'" }: PageNeeds = {}): Record<string, string> {
  // `*` would leave out pages that are not on the web, such as those of apps.
  const framing = frameAncestors === '*' ? [] : [`frame-ancestors ${frameAncestors}`]
  const denied = DENIED.map((feature) => `${feature}=()`)
  return {
    'Content-Security-Policy': [...POLICY, ...framing].join('; '),
    'Permissions-Policy': [`microphone=${microphone ? '(self)' : '()'}`, ...denied].join(', '),
    'Referrer-Policy': 'no-referrer',
    'X-Content-Type-Options': 'nosniff',
    'Cross-Origin-Opener-Policy': 'same-origin',
    'Cross-Origin-Resource-Policy': 'same-origin',
    'Cache-Control': 'no-store',
  }
}
