#!/usr/bin/env node
/** The command. Imports are dynamic because static ones are all loaded before any code runs. */
await import('./system/check-node.js')
const { run } = await import('./program/run.ts')
await run(process.argv.slice(2))
