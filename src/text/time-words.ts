const UNITS: readonly (readonly [name: string, ms: number])[] = [
  ['d', 86_400_000],
  ['h', 3_600_000],
  ['min', 60_000],
  ['s', 1_000],
]

/** Returns a time as text, with its largest unit and the one below it: `2 h 5 min`. @param ms milliseconds */
export function timeWords(ms: number): string {
  const at = UNITS.findIndex(([, size]) => ms >= size)
  const [large, small] = at < 0 ? UNITS.slice(-1) : UNITS.slice(at)
  if (large === undefined) return ''
  const rest = small === undefined ? 0 : Math.floor((ms % large[1]) / small[1])
  const first = `${Math.max(0, Math.floor(ms / large[1]))} ${large[0]}`
  return rest === 0 || small === undefined ? first : `${first} ${rest} ${small[0]}`
}
