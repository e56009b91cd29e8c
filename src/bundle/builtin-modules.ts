import { isBuiltin } from 'node:module'
import type { Plugin } from 'esbuild'

/** Modules that take milliseconds to load, and of which most starts use nothing. */
const LATE: ReadonlySet<string> = new Set([
  'node:child_process',
  'node:crypto',
  'node:fs/promises',
  'node:os',
  'node:tty',
  'node:v8',
  'node:worker_threads',
])

/** The part of node:assert that sonic-boom uses, in place of the module, which takes 0.3 MB. */
const ASSERT = '(is, message) => { if (!is) throw new Error(message) }'

/**
 * Loads modules of Node.js as CommonJS does. For an `import`, Node.js reads each of their exports, and thereby loads others that
 * nothing uses: the streams of files for `node:fs`, web cryptography for `node:crypto`. Packages in CommonJS may require modules of
 * Node.js only this way, because the bundle is in ESM.
 */
export const builtinModules: Plugin = {
  name: 'builtin modules',
  setup(build) {
    build.onResolve({ filter: /^[a-z0-9:_/]+$/ }, ({ path, kind }) => {
      if (!isBuiltin(path)) return undefined
      if (kind === 'require-call') return { path, namespace: 'required builtin' }
      const namespace = LATE.has(path) ? 'late builtin' : 'imported builtin'
      return kind === 'import-statement' ? { path, namespace, sideEffects: false } : undefined
    })
    build.onLoad({ filter: /.*/, namespace: 'required builtin' }, ({ path }) => ({
      contents: `module.exports = ${path === 'node:assert' ? ASSERT : moduleOf(path)}`,
    }))
    // An export that is not used is left out.
    build.onLoad({ filter: /.*/, namespace: 'imported builtin' }, async ({ path }) => {
      const lines = (await namesOf(path)).map((name) => `export const ${name} = /* @__PURE__ */ of('${name}')`)
      const head = `const all = ${moduleOf(path)}\nconst of = (name) => all[name]`
      return { contents: `${head}\n${lines.join('\n')}\nexport default all` }
    })
    // Each use of an export gets it from the module, which the first use loads.
    build.onLoad({ filter: /.*/, namespace: 'late builtin' }, async ({ path }) => {
      const names = JSON.stringify(await namesOf(path))
      const define = `Object.defineProperty(exports, name, { enumerable: true, get: () => (all ??= ${moduleOf(path)})[name] })`
      return { contents: `let all\nfor (const name of ${names}) ${define}` }
    })
  },
}

function moduleOf(path: string): string {
  return `/* @__PURE__ */ process.getBuiltinModule('${path}')`
}

async function namesOf(path: string): Promise<string[]> {
  return Object.keys((await import(path)) as object).filter((name) => name !== 'default')
}
