/**
 * Loaded into each Node that a bench starts, before the program: ends it when its standard input ends, which is when the
 * bench is gone, were it by SIGKILL.
 */

process.stdin.on('end', () => process.kill(process.pid, 'SIGTERM')).resume()
process.stdin.on('error', () => process.kill(process.pid, 'SIGTERM'))
