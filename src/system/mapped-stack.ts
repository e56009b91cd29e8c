/** A place in a stack trace: path of a file, line and column. */
const PLACE = /(?:file:\/\/)?(\/[^\s():]+\.js):(\d+):(\d+)/g

/**
 * Makes the stack trace of an error that ends the program name the lines of its sources instead of those of the bundle. Their source
 * maps are read then: `--enable-source-maps` would read them at each start.
 */
export function mapFatalErrors(): void {
  process.on('uncaughtExceptionMonitor', (error: unknown) => {
    if (error instanceof Error && error.stack !== undefined) error.stack = mappedStack(error.stack)
  })
}

/** Replaces places in files that have source maps beside them. Others stay as they are. */
export function mappedStack(stack: string): string {
  const maps = new Map<string, ReturnType<typeof readMap>>()
  return stack.replace(PLACE, (place, path: string, line: string, column: string) => {
    if (!maps.has(path)) maps.set(path, readMap(path))
    const entry = maps.get(path)?.findEntry(Number(line) - 1, Number(column) - 1)
    if (entry === undefined || !('originalSource' in entry)) return place
    const source = entry.originalSource.replace(/^(\.\.\/)+/, '')
    return `${source}:${entry.originalLine + 1}:${entry.originalColumn + 1}`
  })
}

/** Returns undefined when there is none, or none that can be read. */
function readMap(path: string): import('node:module').SourceMap | undefined {
  const { readFileSync } = process.getBuiltinModule('node:fs')
  const { SourceMap } = process.getBuiltinModule('node:module')
  try {
    return new SourceMap(JSON.parse(readFileSync(`${path}.map`, 'utf8')) as import('node:module').SourceMapPayload)
  } catch {
    return undefined
  }
}
