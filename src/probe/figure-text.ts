/** Returns a time as text: `12 ms`, `3.4 s`. @param ms milliseconds */
export function timeText(ms: number): string {
  return Math.abs(ms) < 999.5 ? `${Math.round(ms)} ms` : `${(ms / 1000).toFixed(1)} s`
}

/** Returns a number with its noun: `1 place`, `3 places`. */
export function countText(count: number, noun: string): string {
  return `${count} ${noun}${count === 1 ? '' : 's'}`
}
