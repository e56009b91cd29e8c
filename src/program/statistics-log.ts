import type { Station } from '../station/station.ts'

/** Logs the statistics of every stream each `everyMs` milliseconds, as long as the program runs; 0 disables it. */
export function logStatistics(station: Station, everyMs: number): void {
  if (everyMs === 0) return
  const timer = setInterval(() => {
    for (const stream of station.streams()) {
      const { uptimeSeconds, ...counts } = stream.statistics()
      stream.log.info('statistics', { ...counts, uptime: `${uptimeSeconds.toFixed(1)}s` })
    }
  }, everyMs)
  timer.unref()
}
