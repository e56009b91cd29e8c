import { basename } from 'node:path'
import type { Plugin } from 'esbuild'

/** Modules that the command imports at run time are bundled on their own, and are files beside it. */
export const besideIt: Plugin = {
  name: 'beside it',
  setup(build) {
    build.onResolve({ filter: /\.ts$/ }, ({ path, kind }) =>
      kind === 'dynamic-import' ? { path: `./${basename(path, '.ts')}.js`, external: true } : undefined,
    )
  },
}
