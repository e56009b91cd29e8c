/**
 * Measures everything: `npm run bench -- [--short] [--only PART]... [--out FOLDER]`. It prints tables and writes `bench.json`
 * and `bench.svg`. It exits with 1 when anything was lost, corrupted or left open, never because something was slow.
 */

import { mkdirSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { parseArgs } from 'node:util'
import { aimsOf, isMet } from './aims.ts'
import { PARTS, type Part, runBench } from './bench.ts'
import { chartOf } from './chart.ts'
import { exitOnSignals } from './child.ts'
import { faultsOf } from './faults.ts'
import { thisMachine } from './machine.ts'
import { FULL, SHORT } from './plans.ts'
import { tablesOf } from './tables.ts'

const { values: flags } = parseArgs({
  options: {
    short: { type: 'boolean', default: false },
    only: { type: 'string', multiple: true },
    out: { type: 'string', default: fileURLToPath(new URL('../../bench/out', import.meta.url)) },
  },
})

function wantedParts(): ReadonlySet<Part> {
  const wanted = PARTS.filter((part) => flags.only?.includes(part) ?? true)
  const unknown = flags.only?.filter((name) => !PARTS.some((part) => part === name)) ?? []
  if (unknown.length > 0) throw new Error(`unknown part: ${unknown.join(', ')}; known parts: ${PARTS.join(', ')}`)
  return new Set(wanted)
}

exitOnSignals()
const machine = await thisMachine()
const { node, cores, processor, system } = machine
console.log(`Node ${node}, ${cores} cores (${processor}), ${system}`)
const startedMs = performance.now()
const result = await runBench(flags.short ? SHORT : FULL, wantedParts(), (text) => {
  console.error(`${((performance.now() - startedMs) / 1000).toFixed(0).padStart(5)} s  ${text}`)
})
const aims = aimsOf(result)
const faults = faultsOf(result)

console.log(tablesOf(result, aims))
for (const text of result.leftOut) console.log(`skipped: ${text}`)
for (const text of faults) console.log(`fault: ${text}`)
console.log(faults.length === 0 ? 'no faults' : `${faults.length} kinds of faults`)

mkdirSync(flags.out, { recursive: true })
const everything = { machine, short: flags.short, aims, missed: aims.filter((aim) => !isMet(aim)), faults, ...result }
writeFileSync(join(flags.out, 'bench.json'), `${JSON.stringify(everything, null, 2)}\n`)
writeFileSync(join(flags.out, 'bench.svg'), chartOf(result.fanout))
console.log(`written: ${join(flags.out, 'bench.json')} and bench.svg`)
process.exit(faults.length === 0 ? 0 : 1)
