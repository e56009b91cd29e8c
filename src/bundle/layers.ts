import { dirname, join, relative } from 'node:path'
import type { Plugin } from 'esbuild'

/** Paths of the modules that are loaded one after the other: what reads the arguments, and what serves. */
export interface Layers {
  readonly reading: string
  readonly serving: string
}

/**
 * Keeps the modules of a layer in one file.
 *
 * esbuild puts modules in one file that are needed by the same entry points, and each dynamic import is one: forty parts, of which
 * each needs other modules of the program, would cut it into forty files. Hence each part imports the layers below it, which are
 * loaded by then anyway, and their modules are needed by the same entry points: all of them.
 */
export function layered({ reading, serving }: Layers): Plugin {
  const below = (importer: string): readonly string[] => (importer === reading ? [reading] : [reading, serving])
  return {
    name: 'layers',
    setup(build) {
      const { absWorkingDir: project = process.cwd() } = build.initialOptions
      build.onResolve({ filter: /^\.\.?\// }, async ({ path, kind, importer, resolveDir, namespace }) => {
        if (kind !== 'dynamic-import' || namespace !== 'file' || importer.includes('/node_modules/')) return undefined
        const { path: part } = await build.resolve(path, { kind: 'import-statement', resolveDir, importer })
        // Relative, because names of files are made of it, too: they do not depend on where the project is.
        return { path: relative(project, part), namespace: 'part', pluginData: { imports: below(importer) } }
      })
      build.onLoad({ filter: /.*/, namespace: 'part' }, ({ path, pluginData }) => {
        const { imports } = pluginData as { imports: readonly string[] }
        const part = join(project, path)
        const lines = imports.map((layer) => `import ${importOf(dirname(part), layer)}\n`)
        const contents = `${lines.join('')}export * from ${importOf(dirname(part), part)}`
        return { contents, resolveDir: dirname(part) }
      })
    },
  }
}

/** Returns the name by which a module in a folder imports another one. */
function importOf(folder: string, path: string): string {
  return JSON.stringify(`./${relative(folder, path)}`)
}
