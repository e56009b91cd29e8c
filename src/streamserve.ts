#!/usr/bin/env node
/** The command. Imports are dynamic because static ones are all loaded before any code runs. */
await import('./check-node.js')
await import('./main.ts')
