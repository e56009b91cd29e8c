import type { Format } from './exposition.ts'

const OPENMETRICS = 'application/openmetrics-text'
/** Versions of OpenMetrics that are written. */
const VERSION = '1.0.0'

/**
 * Returns the format for a client (RFC 9110, section 12.5.1): OpenMetrics when it names it, unless it prefers text.
 * @param accept the header field; undefined: it has none
 */
export function acceptedFormat(accept = ''): Format {
  const ranges = accept.split(',').map(rangeOf)
  const quality = (type: string) => Math.max(0, ...ranges.filter((range) => range.type === type).map(({ q }) => q))
  const ofOpen = quality(OPENMETRICS)
  return ofOpen > 0 && ofOpen >= quality('text/plain') ? 'openmetrics' : 'text'
}

function rangeOf(text: string): { readonly type: string; readonly q: number } {
  const [type = '', ...parameters] = text
    .toLowerCase()
    .split(';')
    .map((part) => part.trim())
  const values = new Map(parameters.map((parameter) => parameter.split('=', 2) as [string, string | undefined]))
  const q = Number(values.get('q') ?? 1)
  const isKnown = type !== OPENMETRICS || (values.get('version') ?? VERSION) === VERSION
  return { type, q: isKnown && q >= 0 && q <= 1 ? q : 0 }
}
