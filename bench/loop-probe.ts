/** Preloaded into a server: on SIGUSR2 it prints the duration of its event-loop turns since the last time, in ms. */

import { monitorEventLoopDelay } from 'node:perf_hooks'

/** A timer that is always due: it fires once a turn, and its delay is the duration of the turn. */
const EVERY_MS = 1
const NS_PER_MS = 1e6

const delays = monitorEventLoopDelay({ resolution: EVERY_MS })
delays.enable()

process.on('SIGUSR2', () => {
  const late = [delays.percentile(50), delays.percentile(99.9), delays.max].map((ns) => ns / NS_PER_MS - EVERY_MS)
  console.log(`turns=${late.map((ms) => Math.max(0, ms).toFixed(2)).join(' ')}`)
  delays.reset()
})
