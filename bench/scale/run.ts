/**
 * Simulates many listeners of many edges: storms, ends of edges, hub servers and origins, a partition, slow links.
 * `node dist/bench/scale/run.js [--listeners 1000000] [--edges 40] [--streams 8] [--seed 1] [--short]`
 * The same seed yields the same figures. It exits with 1 when a check fails.
 */

import { parseArgs } from 'node:util'
import { isMet } from '../aims.ts'
import { aimTable } from '../tables.ts'
import { checksOf } from './checks.ts'
import { PRODUCT } from './parts.ts'
import { LONG, SHORT } from './plan.ts'
import { reportOf } from './report.ts'
import { simulate } from './simulation.ts'

const { values: flags } = parseArgs({
  options: {
    listeners: { type: 'string' },
    edges: { type: 'string' },
    streams: { type: 'string' },
    seed: { type: 'string' },
    short: { type: 'boolean', default: false },
  },
})
const size = flags.short ? SHORT : LONG
const plan = {
  seed: Number(flags.seed ?? size.seed),
  listeners: Number(flags.listeners ?? size.listeners),
  edges: Number(flags.edges ?? size.edges),
  streams: Number(flags.streams ?? size.streams),
}
const startedMs = performance.now()
const result = simulate(plan, PRODUCT)
const checks = checksOf(result)
console.log(reportOf(result))
console.log(aimTable(checks))
console.error(`${((performance.now() - startedMs) / 1_000).toFixed(0)} s`)
process.exit(checks.every(isMet) ? 0 : 1)
