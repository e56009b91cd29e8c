/**
 * `node write-image.js FOLDER VERSION ARCHITECTURE LAYER.tar ...`: makes an image of layers in FOLDER, of which each is there with
 * .gz at its end too. The folder is a layout of the Open Container Initiative, and has the list of Docker as well:
 *
 *     oci-layout, index.json ---> manifest --> configuration, layers      OCI: Podman, skopeo, Docker 25 and newer
 *                manifest.json -------------/                             Docker
 *
 * All is in blobs/sha256, named by its hash.
 */
import { createHash } from 'node:crypto'
import { copyFileSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { imageConfig } from './image-config.ts'

/** Reference to a blob. */
interface Descriptor {
  readonly mediaType: string
  readonly digest: string
  /** In bytes. */
  readonly size: number
}

function sha256(bytes: Buffer): string {
  return createHash('sha256').update(bytes).digest('hex')
}

function pathOf({ digest }: Descriptor): string {
  return `blobs/${digest.replace(':', '/')}`
}

function writeBlob(folder: string, mediaType: string, content: object): Descriptor {
  const bytes = Buffer.from(JSON.stringify(content))
  const blob = { mediaType, digest: `sha256:${sha256(bytes)}`, size: bytes.length }
  writeFileSync(join(folder, pathOf(blob)), bytes)
  return blob
}

function writeLayer(folder: string, file: string): Descriptor {
  const bytes = readFileSync(file)
  const digest = `sha256:${sha256(bytes)}`
  const layer = { mediaType: 'application/vnd.oci.image.layer.v1.tar+gzip', digest, size: bytes.length }
  copyFileSync(file, join(folder, pathOf(layer)))
  return layer
}

function writeJson(folder: string, name: string, content: object): void {
  writeFileSync(join(folder, name), JSON.stringify(content))
}

const [, , folder = '', version = '', architecture = '', ...files] = process.argv
const created = new Date(Number(process.env['SOURCE_DATE_EPOCH']) * 1000).toISOString().replace('.000', '')
const layers = files.map((file) => writeLayer(folder, `${file}.gz`))
const diffIds = files.map((file) => `sha256:${sha256(readFileSync(file))}`)
const config = writeBlob(
  folder,
  'application/vnd.oci.image.config.v1+json',
  imageConfig({ version, architecture, created, diffIds }),
)
const mediaType = 'application/vnd.oci.image.manifest.v1+json'
const manifest = writeBlob(folder, mediaType, { schemaVersion: 2, mediaType, config, layers })

const annotations = {
  'io.containerd.image.name': `docker.io/library/streamserve:${version}`,
  'org.opencontainers.image.ref.name': version,
}
const platform = { architecture, os: 'linux' }
writeJson(folder, 'oci-layout', { imageLayoutVersion: '1.0.0' })
writeJson(folder, 'index.json', {
  schemaVersion: 2,
  mediaType: 'application/vnd.oci.image.index.v1+json',
  manifests: [{ ...manifest, platform, annotations }],
})
writeJson(folder, 'manifest.json', [
  { Config: pathOf(config), RepoTags: [`streamserve:${version}`], Layers: layers.map(pathOf) },
])
