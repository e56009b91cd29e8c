import { signatureOf } from '../access/signed-link.ts'
import type { SignRequest } from '../config/sign-request.ts'
import { encodePath } from '../stream/encode-path.ts'

/**
 * Returns the path and query of a link to a stream that ends.
 * @param now milliseconds since 1970
 */
export function signedLink({ stream: { path, form }, key, validMs }: SignRequest, now: number): string {
  const until = Math.ceil((now + validMs) / 1000)
  const query = form === undefined ? '' : `${form}&`
  return `${encodePath(path)}?${query}until=${until}&sign=${signatureOf(path, until, key)}`
}
