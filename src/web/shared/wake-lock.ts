/** Keeps the screen on, where the browser can: a phone that sleeps may take the microphone away. @returns ends it */
export function stayAwake(): () => void {
  let lock: WakeLockSentinel | undefined
  let isOver = false
  const ask = async () => {
    if (document.hidden || isOver || !('wakeLock' in navigator)) return
    // The battery may be low: then the screen goes off.
    lock = await navigator.wakeLock.request('screen').catch(() => undefined)
    if (isOver) await lock?.release()
  }
  // A page that was hidden has lost it.
  const again = () => void ask()
  document.addEventListener('visibilitychange', again)
  void ask()
  return () => {
    isOver = true
    document.removeEventListener('visibilitychange', again)
    void lock?.release()
  }
}
