/** `npm start`: without flags it plays the demo, at a port that needs no rights. */
await import('./system/check-node.js')
const { run } = await import('./program/run.ts')
const flags = process.argv.slice(2)
await run(flags.length === 0 ? ['-demo', '-address', ':8080'] : flags)
