/** Header fields that restrict what pages of this server may do in a browser, and what other pages may do with them. */

/** Permissions that a page needs in addition to those of all pages. */
export interface PageNeeds {
  /** Default: false. */
  readonly microphone?: boolean
  /** Pages that may show this one in a frame, as CSP names them (`'self' https://radio.example`); `*`: all. Default: none. */
  readonly frameAncestors?: string
}

/**
 * Content Security Policy Level 3. Everything is loaded from this server: scripts, worklets and styles as separate files,
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
  "manifest-src 'self'",
  "base-uri 'none'",
  "form-action 'none'",
]

const DENIED = ['camera', 'geolocation', 'display-capture', 'payment', 'usb', 'serial', 'midi']

/** Returns the header fields of all responses to browsers except streams. */
export function pageHeaders({ microphone = false, frameAncestors = "'none'" }: PageNeeds = {}): Record<string, string> {
  // In CSP, `*` would exclude pages that are not on the web, such as those of apps.
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
