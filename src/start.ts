/** `npm start`: whoever names no flags hears the demo, at a port that takes no rights. */
await import('./check-node.js')

if (process.argv.length === 2) process.argv.push('-demo', '-address', ':8080')

await import('./main.ts')
