/**
 * Prints the output of a command such as `-help` to standard output. The exit code is 1 when it cannot be written; without a
 * message when the reader has closed the pipe (`| head`).
 * @param written called once it is written, or cannot be
 */
export function print(text: string, written?: () => void): void {
  process.stdout.on('error', ({ code, message }: NodeJS.ErrnoException) => {
    process.exitCode = 1
    if (code !== 'EPIPE') printErrors(`cannot write to standard output: ${message}`)
  })
  process.stdout.write(`${text}\n`, () => written && setImmediate(written))
}

/** Prints the reasons for the end of the program to standard error. */
export function printErrors(...lines: readonly string[]): void {
  // If this cannot be written either, the exit code has to suffice.
  process.stderr.on('error', () => {})
  process.stderr.write(lines.map((line) => `streamserve: ${line}\n`).join(''))
}
