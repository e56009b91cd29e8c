import type { Plugin } from 'esbuild'

/** Leaves out modules of yargs of which nothing is used: the parser needs neither its layout nor its languages. */
export const withoutSideEffects: Plugin = {
  name: 'without side effects',
  setup(build) {
    build.onResolve({ filter: /^\./ }, async ({ path, kind, importer, resolveDir, pluginData }) => {
      if (pluginData === RESOLVED || !importer.includes('/node_modules/yargs/')) return undefined
      const resolved = await build.resolve(path, { kind, importer, resolveDir, pluginData: RESOLVED })
      return { path: resolved.path, sideEffects: false }
    })
  },
}

/** Marks a path that esbuild itself is to resolve. */
const RESOLVED = Symbol('resolved')
