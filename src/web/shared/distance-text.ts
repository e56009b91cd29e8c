const MINUTE_S = 60
/** Distance from which seconds are left out, in seconds. */
const ROUGH_S = 600

/** Returns a distance in time in one or two units: `48 s`, `4 min 20 s`, `12 min`, `1 h 5 min`. */
export function distanceText(ms: number): string {
  const s = Math.round(ms / 1000)
  if (s < MINUTE_S) return `${s} s`
  if (s < ROUGH_S) return joined(Math.floor(s / MINUTE_S), 'min', s % MINUTE_S, 's')
  const minutes = Math.round(s / MINUTE_S)
  if (minutes < 60) return `${minutes} min`
  return joined(Math.floor(minutes / 60), 'h', minutes % 60, 'min')
}

function joined(large: number, largeUnit: string, small: number, smallUnit: string): string {
  return small === 0 ? `${large} ${largeUnit}` : `${large} ${largeUnit} ${small} ${smallUnit}`
}
