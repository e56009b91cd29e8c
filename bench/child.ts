/** Child processes of the benches. They end with the bench, however it ends. */

import { createInterface } from 'node:readline'
import { fileURLToPath } from 'node:url'
import { execa } from 'execa'

export interface Child {
  readonly pid: number
  /** Writes a line to its standard input. */
  tell(line: string): void
  /** Waits for a line of its standard output that matches; lines that nobody waits for are thrown away. */
  says(pattern: RegExp): Promise<RegExpExecArray>
  /** Ends it by SIGTERM, after 3 s by SIGKILL, and waits until it is gone. */
  stop(): Promise<void>
}

/** Makes signals end the bench by way of its exit, where its children are ended. */
export function exitOnSignals(): void {
  for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP']) process.on(signal, () => process.exit(1))
}

/**
 * Starts a script of this project in a Node of its own.
 * @param path of the compiled script, seen from here.
 * @param preload scripts to load before it, likewise.
 */
export function startScript(path: string, args: readonly string[], preload: readonly string[] = []): Child {
  const imports = ['./leash.js', ...preload].flatMap((script) => ['--import', new URL(script, import.meta.url).href])
  return startChild(process.execPath, [...imports, fileURLToPath(new URL(path, import.meta.url)), ...args])
}

/** Starts a program; what it writes to standard error is shown. */
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
    tell(line) {
      child.stdin.write(`${line}\n`)
    },
    says(pattern) {
      return new Promise((resolve, reject) => {
        const fail = () => reject(new Error(`${[file, ...args].join(' ')} ended before it said ${pattern}`))
        if (ended) return fail()
        lines.once('close', fail)
        lines.on('line', function match(line) {
          const found = pattern.exec(line)
          if (found === null) return
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
