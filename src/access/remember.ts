/**
 * Sets an entry of a map as its latest, and drops the entry whose last change is the oldest when there are more than `max`: a map
 * iterates in the order of insertion.
 */
export function remember<K, V>(map: Map<K, V>, key: K, value: V, max: number): void {
  map.delete(key)
  map.set(key, value)
  const [oldest] = map.keys()
  if (map.size > max && oldest !== undefined) map.delete(oldest)
}
