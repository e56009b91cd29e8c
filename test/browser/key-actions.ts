/** Code points of keys (W3C WebDriver, section 17.4.2). */
const KEYS: Readonly<Record<string, string>> = {
  Tab: '\uE004',
  Enter: '\uE007',
  Shift: '\uE008',
  Escape: '\uE00C',
  Space: ' ',
  End: '\uE010',
  Home: '\uE011',
  ArrowLeft: '\uE012',
  ArrowUp: '\uE013',
  ArrowRight: '\uE014',
  ArrowDown: '\uE015',
}

/** Returns actions that press keys together, or only press or release them. @param keys names as of `KeyboardEvent.key` */
export function keyActions(keys: readonly string[], what: 'press' | 'down' | 'up'): object {
  const values = keys.map((key) => KEYS[key] ?? key)
  const down = what === 'up' ? [] : values.map((value) => ({ type: 'keyDown', value }))
  const up = what === 'down' ? [] : values.toReversed().map((value) => ({ type: 'keyUp', value }))
  return { type: 'key', id: 'keyboard', actions: [...down, ...up] }
}
