import { whenBack } from './when-back.ts'

/** Keeps the screen on, where the browser can: a sleeping phone may stop the microphone. @returns a function that ends it */
export function stayAwake(): () => void {
  const ended = new AbortController()
  let lock: WakeLockSentinel | undefined
  const request = async () => {
    if (document.hidden || !('wakeLock' in navigator) || lock?.released === false) return
    // The request fails when the battery is low, for example; the screen then turns off.
    lock = await navigator.wakeLock.request('screen').catch(() => undefined)
    if (ended.signal.aborted) await lock?.release()
  }
  // A hidden page loses its wake lock.
  whenBack(() => void request(), ended.signal)
  void request()
  return () => {
    ended.abort()
    void lock?.release()
  }
}
