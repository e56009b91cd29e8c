import { postText } from '../system/post-text.ts'
import type { HookFailure } from './hook-log.ts'

/**
 * Sends JSON to a URL. Redirects are not followed, and the body of the response is not read.
 * @returns why it has failed; undefined: the response has a status of 2xx
 */
export async function post(url: string, json: string, signal: AbortSignal): Promise<HookFailure | undefined> {
  try {
    const { statusCode = 0 } = await postText(url, 'application/json', json, signal)
    return statusCode >= 200 && statusCode < 300 ? undefined : { reason: `status ${statusCode}` }
  } catch (error) {
    return { reason: (error as Error).message }
  }
}
