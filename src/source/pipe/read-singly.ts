import { getDefaultHighWaterMark, setDefaultHighWaterMark } from 'node:stream'

/**
 * Makes streams that read the next chunk only on demand: bytes wait in the pipe meanwhile and arrive in one chunk. The streams
 * of child processes have no option for this and use the default, which is changed temporarily.
 * @param make makes the streams synchronously.
 */
export function readSingly<T>(make: () => T): T {
  const usual = getDefaultHighWaterMark(false)
  setDefaultHighWaterMark(false, 0)
  try {
    return make()
  } finally {
    setDefaultHighWaterMark(false, usual)
  }
}
