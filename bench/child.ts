/** Child processes of the benches. They end with the bench, even if it is killed. */

import { createInterface } from 'node:readline'
import { fileURLToPath } from 'node:url'
import { execa } from 'execa'

export interface Child {
  readonly pid: number
  /** Writes a line to its standard input. */
  send(line: string): void
  /**
   * Waits for a matching line of its standard output; lines that are not awaited are dropped.
   * @param before receives the lines before it
   */
  line(pattern: RegExp, before?: (line: string) => void): Promise<RegExpExecArray>
  /** Ends it with SIGTERM, after 3 s with SIGKILL, and waits for its exit. */
  stop(): Promise<void>
}

/** Exits the bench on signals, so that its exit handlers end its children. */
export function exitOnSignals(): void {
  for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP']) process.on(signal, () => process.exit(1))
}

/**
 * Starts a script of this project in a separate Node process.
 * @param path of the compiled script, relative to this file.
 * @param preload scripts to load before it, likewise.
 */
export function startScript(path: string, args: readonly string[], preload: readonly string[] = []): Child {
  const imports = ['./ends-with-parent.js', ...preload].flatMap((script) => [
    '--import',
    new URL(script, import.meta.url).href,
  ])
  return startChild(process.execPath, [...imports, fileURLToPath(new URL(path, import.meta.url)), ...args])
}

/** Starts a program; its standard error is shown. */
export function startChild(file: string, args: readonly string[]): Child {
  const child = execa(file, args, { buffer: false, reject: false, stderr: 'inherit', forceKillAfterDelay: 3000 })
  const lines = createInterface({ input: child.stdout })
  let ended = false
  lines.once('close', () => {
    ended = true
  })
  if (child.pid === undefined) throw new Error(`${file} cannot be started`)

  return {
    pid: child.pid,
    send(line) {
      child.stdin.write(`${line}\n`)
    },
    line(pattern, before) {
      return new Promise((resolve, reject) => {
        const fail = () => reject(new Error(`${[file, ...args].join(' ')} ended before it printed ${pattern}`))
        if (ended) return fail()
        lines.once('close', fail)
        lines.on('line', function match(line) {
          const found = pattern.exec(line)
          if (found === null) return before?.(line)
          lines.off('line', match).off('close', fail)
          resolve(found)
        })
      })
    },
    async stop() {
      child.kill()
      await child
    },
  }
}
