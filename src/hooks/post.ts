import { request } from 'node:http'
import { request as requestSecurely } from 'node:https'
import { responseHead } from '../system/response-head.ts'
import { maskSecrets } from '../text/mask-secrets.ts'
import type { HookFailure } from './hook-log.ts'

/**
 * Sends JSON to a URL. Redirects are not followed, and the body of the response is not read.
 * @returns why it has failed; undefined: the response has a status of 2xx
 */
export async function post(url: string, json: string, signal: AbortSignal): Promise<HookFailure | undefined> {
  const start = /^https:/i.test(url) ? requestSecurely : request
  const headers = {
    'User-Agent': 'streamserve',
    'Content-Type': 'application/json',
    'Content-Length': Buffer.byteLength(json),
  }
  try {
    const { statusCode = 0 } = await responseHead(start(url, { method: 'POST', agent: false, headers, signal }), json)
    return statusCode >= 200 && statusCode < 300 ? undefined : { reason: `status ${statusCode}` }
  } catch (error) {
    return { reason: signal.aborted ? String(signal.reason) : maskSecrets((error as Error).message) }
  }
}
