/**
 * Returns the items in an order whose beginning, of any length, is spread over all of them.
 * @param sampleSize number of items that are ordered so; the remaining ones follow in their own order.
 */
export function spread<T>(items: readonly T[], sampleSize: number): T[] {
  const step = Math.max(1, Math.ceil(items.length / sampleSize))
  const order: T[] = []
  for (let from = 0; from < step; from++) {
    for (let at = from; at < items.length; at += step) order.push(items[at] as T)
    if (from === 0) order.sort(byReversedIndex(order))
  }
  return order
}

/** Halves, quarters, eighths and so on: the van der Corput sequence. */
function byReversedIndex<T>(order: readonly T[]): (one: T, other: T) => number {
  const indexes = new Map(order.map((item, index) => [item, reversed(index)]))
  return (one, other) => (indexes.get(one) ?? 0) - (indexes.get(other) ?? 0)
}

/** Reverses the last 9 bits. */
function reversed(index: number): number {
  let bits = 0
  for (let i = 0; i < 9; i++) bits = (bits << 1) | ((index >> i) & 1)
  return bits
}
