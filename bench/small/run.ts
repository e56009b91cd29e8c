/** What streamserve costs a small machine: `node dist/bench/small/run.js [--only rest|start]`. */

import { parseArgs } from 'node:util'
import { exitOnSignals } from '../child.ts'
import { thisMachine } from '../machine.ts'
import { table } from '../table.ts'
import type { Figures } from './figures.ts'
import { runRest } from './rest.ts'
import { runStart } from './start.ts'

type RunPart = (note: (text: string) => void) => Promise<Figures>

const PARTS: Readonly<Record<string, RunPart>> = { rest: runRest, start: runStart }

const { values: flags } = parseArgs({ options: { only: { type: 'string', multiple: true } } })
const unknown = flags.only?.filter((name) => !(name in PARTS)) ?? []
if (unknown.length > 0)
  throw new Error(`unknown part: ${unknown.join(', ')}; known parts: ${Object.keys(PARTS).join(', ')}`)

exitOnSignals()
const { node, cores, processor, system } = await thisMachine()
console.log(`Node ${node}, ${cores} cores (${processor}), ${system}`)
for (const [name, run] of Object.entries(PARTS)) {
  if (flags.only?.includes(name) === false) continue
  const { titles, rows, missed } = await run((text) => console.error(text))
  console.log(table(titles, rows))
  for (const text of missed) console.log(`above its aim: ${text}`)
}
process.exit()
