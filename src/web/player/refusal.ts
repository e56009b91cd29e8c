/** Why the server does not let this listener have the stream; `no-device`: the browser has nothing to play it on. */
export type Refusal = 'password' | 'link' | 'forbidden' | 'too-many' | 'full' | 'no-device'

/** Time limit of the question, in milliseconds. */
const WITHIN_MS = 4_000

/**
 * Asks the server what a listener would get, because an `<audio>` does not report the status of a response.
 * @param sound address of the stream
 * @returns undefined: it would get the stream, or the server does not answer
 */
export async function askForRefusal(sound: string): Promise<Refusal | undefined> {
  const ended = new AbortController()
  const timer = setTimeout(() => ended.abort(), WITHIN_MS)
  try {
    const request = { method: 'HEAD', cache: 'no-store', redirect: 'manual', signal: ended.signal } as const
    const { status } = await fetch(sound, request)
    return refusalOf(status, new URL(sound, 'http://localhost').searchParams.get('until'), Date.now())
  } catch {
    return undefined
  } finally {
    clearTimeout(timer)
  }
}

/** @param until when the link ends, in Unix time; null: it does not end @param now in milliseconds since 1970 */
export function refusalOf(status: number, until: string | null, now: number): Refusal | undefined {
  if (status === 401) return 'password'
  if (status === 403) return until !== null && Number(until) * 1000 < now ? 'link' : 'forbidden'
  if (status === 429) return 'too-many'
  return status === 503 ? 'full' : undefined
}

/** Whether another attempt may succeed without the user. */
export function isPassing(refusal: Refusal): boolean {
  return refusal === 'too-many' || refusal === 'full'
}
