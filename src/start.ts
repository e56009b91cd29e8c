/** `npm start`: whoever names no flags hears the demo, at a port that takes no rights. */
if (process.argv.length === 2) process.argv.push('-demo', '-address', ':8080')

await import('./main.ts')
