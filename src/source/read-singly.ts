import { getDefaultHighWaterMark, setDefaultHighWaterMark } from 'node:stream'

/**
 * Makes streams that read the next chunk when they are asked for it, and not before: bytes wait in the pipe meanwhile and come in
 * one chunk. Those of child processes take no such setting, only the default one.
 * @param make makes them at once.
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
