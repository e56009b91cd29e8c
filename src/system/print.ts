/**
 * Prints the answer of a command such as `-help` to standard output. Where it cannot be written, the exit code is 1; a reader
 * that has seen enough (`| head`) is not worth a word.
 */
export function print(text: string): void {
  process.stdout.on('error', ({ code, message }: NodeJS.ErrnoException) => {
    process.exitCode = 1
    if (code !== 'EPIPE') printErrors(`cannot write to standard output: ${message}`)
  })
  process.stdout.write(`${text}\n`)
}

/** Prints lines about what ends the program to standard error. */
export function printErrors(...lines: readonly string[]): void {
  // If this cannot be written either, the exit code has to do.
  process.stderr.on('error', () => {})
  process.stderr.write(lines.map((line) => `streamserve: ${line}\n`).join(''))
}
