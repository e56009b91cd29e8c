/**
 * Preloaded into each Node process that a bench starts: ends it when its standard input ends, that is, when the bench has
 * ended, even by SIGKILL.
 */

process.stdin.on('end', () => process.kill(process.pid, 'SIGTERM')).resume()
process.stdin.on('error', () => process.kill(process.pid, 'SIGTERM'))
