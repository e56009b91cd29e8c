/**
 * Close codes of the server (RFC 6455, section 7.4). The library itself sends 1002 for invalid frames, 1007 for text that is
 * not UTF-8, 1009 for a message over the maximum size, and 1008 for one in too many fragments.
 */
export const CLOSE = {
  shuttingDown: 1001,
  invalidMessage: 1003,
  rateLimit: 1008,
  formatChanged: 1012,
  /** All places are occupied. */
  full: 1013,
  noHello: 4000,
  /** The same page has connected again. */
  replaced: 4001,
  wrongToken: 4003,
  /** The publisher's bytes are not read any more. */
  ended: 4005,
  /** A stream of another kind, or a page, already has this path. */
  pathTaken: 4009,
  /** Another publisher is on air. */
  occupied: 4023,
} as const
