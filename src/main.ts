#!/usr/bin/env node
/** The command. Further imports are dynamic because static ones are all loaded before any code runs. */
import './system/check-node.js'

const { run } = await import('./program/run.ts')
await run(process.argv.slice(2))
