/** Returns the first line of a thrown value, which may be of any type. */
export function oneLine(error: unknown): string {
  try {
    const message: unknown = error instanceof Error ? error.message : error
    return String(message).split('\n', 1)[0] ?? ''
  } catch {
    return 'an error that cannot be displayed'
  }
}
