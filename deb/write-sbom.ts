/**
 * `node write-sbom.js`: writes a list of what is in the packages, in the format CycloneDX: npm's list of the shipped packages, with
 * Node.js and hls.js. It is the same for each build of a commit.
 */
import { execFileSync } from 'node:child_process'
import { createHash } from 'node:crypto'
import { readFileSync } from 'node:fs'
import { allPackages } from './shipped-packages.ts'

interface Component {
  readonly 'bom-ref': string
  readonly type: string
  readonly name: string
  readonly version: string
  readonly purl: string
  readonly [field: string]: unknown
}

interface Bom {
  readonly metadata: { readonly component: Component; readonly [field: string]: unknown }
  readonly components: readonly Component[]
  readonly dependencies: readonly { readonly ref: string; readonly dependsOn: readonly string[] }[]
  readonly [field: string]: unknown
}

interface Locked {
  readonly version: string
  /** `sha512-`, and the hash in base64. */
  readonly integrity: string
}

function locked(lockFile: string, name: string): Locked {
  const { packages } = JSON.parse(readFileSync(lockFile, 'utf8')) as { packages: Readonly<Record<string, Locked>> }
  const found = packages[`node_modules/${name}`]
  if (found === undefined) throw new Error(`${name} is not in ${lockFile}`)
  return found
}

/** A component as npm writes it. */
function npmComponent(name: string, { version, integrity }: Locked, license: string): Component {
  const content = Buffer.from(integrity.replace('sha512-', ''), 'base64').toString('hex')
  return {
    'bom-ref': `${name}@${version}`,
    type: 'library',
    name,
    version,
    scope: 'required',
    purl: `pkg:npm/${name}@${version}`,
    hashes: [{ alg: 'SHA-512', content }],
    licenses: [{ license: { id: license } }],
  }
}

/**
 * Node.js itself, with the name that databases of vulnerabilities use for it (CPE), and with the npm packages from which it is
 * copied.
 */
function nodeComponent(): Component {
  const parts = ['x64', 'arm64'].map((cpu) => `node-linux-${cpu}`)
  const components = parts.map((name) => npmComponent(name, locked('deb/node/package-lock.json', name), 'MIT'))
  const version = components[0]?.version ?? ''
  return {
    'bom-ref': `node@${version}`,
    type: 'platform',
    name: 'node',
    version,
    scope: 'required',
    purl: `pkg:generic/node@${version}`,
    cpe: `cpe:2.3:a:nodejs:node.js:${version}:*:*:*:*:*:*:*`,
    components,
  }
}

/** A UUID (version 8: of our own making) of a text. */
function uuidOf(text: string): string {
  const hash = createHash('sha256').update(text).digest('hex')
  return [
    hash.slice(0, 8),
    hash.slice(8, 12),
    `8${hash.slice(13, 16)}`,
    `8${hash.slice(17, 20)}`,
    hash.slice(20, 32),
  ].join('-')
}

// Not --omit=dev, with which npm also omits a dependency of the program that a development tool uses too.
const words = ['sbom', '--package-lock-only', '--sbom-format=cyclonedx', '--sbom-type=application']
const bom = JSON.parse(execFileSync('npm', words, { encoding: 'utf8' })) as Bom
const { component } = bom.metadata
const node = nodeComponent()
const added = [node, npmComponent('hls.js', locked('package-lock.json', 'hls.js'), 'Apache-2.0')]
const shipped = new Set(allPackages().map(({ path, version }) => `${path.replace(/^.*node_modules\//, '')}@${version}`))
const components = [...bom.components.filter((one) => shipped.has(one['bom-ref'])), ...added]
const refs = new Set(components.map((one) => one['bom-ref']))
const dependencies = [
  ...bom.dependencies.filter(({ ref }) => ref === component['bom-ref'] || shipped.has(ref)),
  ...added.map((one) => ({ ref: one['bom-ref'], dependsOn: [] })),
].map(({ ref, dependsOn }) => ({
  ref,
  dependsOn: [...dependsOn, ...(ref === component['bom-ref'] ? [node['bom-ref']] : [])].filter((one) => refs.has(one)),
}))
const timestamp = new Date(Number(process.env['SOURCE_DATE_EPOCH']) * 1000).toISOString()
const complete = {
  ...bom,
  // npm takes the name from the folder.
  metadata: { ...bom.metadata, timestamp, component: { ...component, name: 'streamserve' } },
  components,
  dependencies,
}
const serialNumber = `urn:uuid:${uuidOf(JSON.stringify({ ...complete, serialNumber: '' }))}`
console.log(JSON.stringify({ ...complete, serialNumber }, null, 2))
