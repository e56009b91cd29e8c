/** The first line of what was thrown, which may be anything. */
export function oneLine(error: unknown): string {
  try {
    const message: unknown = error instanceof Error ? error.message : error
    return String(message).split('\n', 1)[0] ?? ''
  } catch {
    return 'an error that cannot be displayed'
  }
}
