/** Bundles the pages for browsers, after `tsc`, if anything in `src` has changed since: node dist/src/web/build.js */
import {
  copyFileSync,
  type Dirent,
  mkdirSync,
  readdirSync,
  readFileSync,
  rmSync,
  statSync,
  writeFileSync,
} from 'node:fs'
import { basename, dirname, extname, join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { brotliCompressSync, gzipSync } from 'node:zlib'
import { build } from 'esbuild'

/** Maximum size of all pages together, gzipped, in bytes. */
const MOST_BYTES = 60_000
/** Maximum size of hls.js, gzipped, in bytes: few players load it. */
const MOST_HLS_BYTES = 125_000
/** Browsers of about the last three years. */
const BROWSERS = ['chrome111', 'edge111', 'firefox111', 'safari16.4', 'ios16.4']

const SOURCES = fileURLToPath(new URL('../../../src/web/', import.meta.url))
/** Name of hls.js among the files of the pages. */
const HLS = 'hls.light.js'
const STATIC = fileURLToPath(new URL('../../pages/', import.meta.url))
/** Folder of all files that a page may import. */
const IMPORTABLE = fileURLToPath(new URL('../../../src/', import.meta.url))
/** Plays HLS in browsers that cannot: hls.js without subtitles and DRM. */
const HLS_JS = new URL(import.meta.resolve('hls.js/light'))
/** Written last, so that an interrupted build is not mistaken for a complete one. */
const BUILT = fileURLToPath(new URL('../../web.built', import.meta.url))

if ((statSync(BUILT, { throwIfNoEntry: false })?.mtimeMs ?? 0) > newestChange(IMPORTABLE)) process.exit()

/** Returns when a file below the folder was last changed, added or removed, in milliseconds since 1970. */
function newestChange(folder: string): number {
  const entries: Dirent[] = readdirSync(folder, { recursive: true, withFileTypes: true })
  const paths = entries.map(({ parentPath, name }) => join(parentPath, name))
  return Math.max(...[folder, ...paths].map((path) => statSync(path).mtimeMs))
}

/** Returns the name of the bundle or the copy that is made of a source; undefined: it is a part of others. */
function nameOf(file: string): string | undefined {
  const page = basename(dirname(file))
  if (/^[a-z]+\/page\.(ts|css|html)$/.test(file)) return file.endsWith('.html') ? `${page}.template` : page
  const [, part] = /([a-z]+\.(?:worklet|part))\.(?:ts|css)$/.exec(file) ?? []
  if (part !== undefined) return part
  if (file === join('shared', 'base.css')) return 'base'
  return /\.(svg|png)$/.test(file) ? basename(file) : undefined
}

const named = readdirSync(SOURCES, { recursive: true, encoding: 'utf8' }).flatMap((file) => {
  const name = nameOf(file)
  return name === undefined ? [] : [{ in: join(SOURCES, file), out: name }]
})
const isCode = (file: { readonly in: string }) => ['.ts', '.css'].includes(extname(file.in))

rmSync(STATIC, { recursive: true, force: true })
mkdirSync(STATIC, { recursive: true })
const options = {
  outdir: STATIC,
  bundle: true,
  minify: true,
  format: 'esm',
  target: BROWSERS,
  legalComments: 'none',
  logLevel: 'warning',
} as const
await build({ ...options, entryPoints: named.filter(isCode) })
const license = readFileSync(new URL('../LICENSE', HLS_JS), 'utf8').trim()
await build({
  ...options,
  entryPoints: [{ in: fileURLToPath(HLS_JS), out: basename(HLS, '.js') }],
  banner: { js: `/*! hls.js\n${license}\n*/` },
})
for (const file of named) if (!isCode(file)) copyFileSync(file.in, join(STATIC, file.out))

let [bytes, hlsBytes] = [0, 0]
for (const name of readdirSync(STATIC).toSorted()) {
  const file = join(STATIC, name)
  const plain = readFileSync(file)
  const gzipped = gzipSync(plain, { level: 9 })
  if (name === HLS) hlsBytes = gzipped.length
  else bytes += gzipped.length
  console.log(`${String(gzipped.length).padStart(7)}  ${name}`)
  // Templates are filled in for each response, so they cannot be compressed here.
  if (name.endsWith('.template') || gzipped.length >= plain.length) continue
  writeFileSync(`${file}.gzip`, gzipped)
  writeFileSync(`${file}.br`, brotliCompressSync(plain))
}
console.log(`${String(bytes).padStart(7)}  bytes without ${HLS}, gzipped; at most ${MOST_BYTES}, and ${MOST_HLS_BYTES}`)
if (bytes > MOST_BYTES || hlsBytes > MOST_HLS_BYTES) process.exitCode = 1
else writeFileSync(BUILT, '')
