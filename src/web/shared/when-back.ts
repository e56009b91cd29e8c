/** Calls back when the user returns to the page, or the network is back, until `signal` is aborted. */
export function whenBack(callback: () => void, signal?: AbortSignal): void {
  const options = signal && { signal }
  window.addEventListener('online', callback, options)
  document.addEventListener('visibilitychange', () => document.hidden || callback(), options)
}
