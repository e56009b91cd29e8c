/** Bundles the program, after `tsc`, if it has compiled anything since: node dist/src/bundle/build.js */
import { chmodSync, readdirSync, rmSync, statSync, writeFileSync } from 'node:fs'
import { basename, join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { type BuildOptions, build, type Metafile } from 'esbuild'
import { besideIt } from './beside-it.ts'
import { builtinModules } from './builtin-modules.ts'
import { layered } from './layers.ts'
import { licencesOf } from './licences.ts'
import { UNBUNDLED } from './unbundled.ts'
import { withoutSideEffects } from './without-side-effects.ts'

const PROJECT = fileURLToPath(new URL('../../../', import.meta.url))
const source = (name: string) => join(PROJECT, 'src', name)
const PROGRAM = join(PROJECT, 'dist/program')
/** Written last, so that an interrupted build is not mistaken for a complete one. */
const BUILT = join(PROJECT, 'dist/program.built')

const COMPILED = join(PROJECT, 'dist/program.tsbuildinfo')

if (timeOf(BUILT) > timeOf(COMPILED)) process.exit()

/** Returns when a file was written, in milliseconds since 1970; 0 when it is missing. */
function timeOf(file: string): number {
  return statSync(file, { throwIfNoEntry: false })?.mtimeMs ?? 0
}

const options = {
  absWorkingDir: PROJECT,
  outdir: PROGRAM,
  entryNames: '[name]',
  bundle: true,
  splitting: true,
  format: 'esm',
  platform: 'node',
  target: 'node20.19',
  external: [...UNBUNDLED],
  // Names of files in source maps, and with them all bytes, do not depend on where packages are.
  preserveSymlinks: true,
  sourcemap: 'linked',
  // The sources are not shipped: lines and names are enough for a stack trace.
  sourcesContent: false,
  legalComments: 'none',
  logLevel: 'warning',
  metafile: true,
} as const satisfies BuildOptions

// The command is a file of its own, which an old Node.js can read.
const command = build({ ...options, entryPoints: [source('main.ts')], plugins: [besideIt] })
const layers = { reading: source('program/run.ts'), serving: source('program/serve.ts') }
const program = build({
  ...options,
  entryPoints: [source('config/help.ts'), layers.reading],
  chunkNames: '[name]-[hash]',
  plugins: [builtinModules, withoutSideEffects, layered(layers)],
})
// Threads share no modules with the program.
const threads = ['threads/thread.ts', 'access/passwords/password-thread.ts'].map((thread) =>
  build({
    ...options,
    entryPoints: [source(thread)],
    chunkNames: `${basename(thread, '.ts')}-[name]-[hash]`,
    plugins: [builtinModules, withoutSideEffects],
  }),
)
const files = (await Promise.all([command, program, ...threads])).map(({ metafile }) => metafile)
removeOthers(files)
chmodSync(join(PROGRAM, 'main.js'), 0o755)
writeFileSync(join(PROGRAM, 'LICENSES.txt'), licencesOf(files, PROJECT))
writeFileSync(BUILT, '')

/** Removes the files of earlier builds, of which a running program may still load others until now. */
function removeOthers(built: readonly Metafile[]): void {
  const names = new Set(built.flatMap(({ outputs }) => Object.keys(outputs)).map((path) => basename(path)))
  for (const name of readdirSync(PROGRAM)) if (!names.has(name)) rmSync(join(PROGRAM, name))
}
