import { isBuiltin } from 'node:module'
import type { Plugin } from 'esbuild'

/**
 * Lets packages in CommonJS require modules of Node.js, which a module in ESM cannot. They are loaded when the package requires
 * them, while an import is loaded with the file.
 */
export const builtinModules: Plugin = {
  name: 'builtin modules',
  setup(build) {
    build.onResolve({ filter: /^[a-z:_/]+$/ }, ({ path, kind }) =>
      kind === 'require-call' && isBuiltin(path) ? { path, namespace: 'builtin' } : undefined,
    )
    build.onLoad({ filter: /.*/, namespace: 'builtin' }, ({ path }) => ({
      contents: `module.exports = process.getBuiltinModule(${JSON.stringify(path)})`,
    }))
  },
}
