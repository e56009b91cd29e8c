import { createHash } from 'node:crypto'
import { readFile } from 'node:fs/promises'
import type { OutgoingHttpHeaders, ServerResponse } from 'node:http'
import { extname } from 'node:path'
import { BUILT_FILES } from '../system/built-files.ts'
import { fillIn, type TemplateValues } from './fill-in.ts'
import { pageHeaders } from './headers.ts'
import type { Page } from './page.ts'
import type { PageRequest } from './page-request.ts'

/** Files of the pages, as built by src/web/build.ts. */
export interface Assets {
  /** Serves scripts, styles and images at `/assets/NAME`. */
  readonly page: Page
  /** Returns the HTML of a page, with values in place of their names. @see fillIn */
  html(page: string, values?: TemplateValues): Promise<string>
}

/** A file, and its compressed forms where they are shorter. */
interface Asset {
  readonly tag: string
  readonly forms: ReadonlyMap<Coding, Buffer>
}

type Coding = 'br' | 'gzip' | 'identity'

/** Codings in order of preference, with the suffixes of their files. */
const CODINGS: ReadonlyMap<Coding, string> = new Map([
  ['br', '.br'],
  ['gzip', '.gzip'],
  ['identity', ''],
])
const BUILT = new URL('pages/', BUILT_FILES)
const PREFIX = '/assets/'
const NAME = /^[a-z0-9-]+(\.[a-z0-9-]+)+$/
const TYPES: Readonly<Record<string, string>> = {
  '.js': 'text/javascript; charset=utf-8',
  '.css': 'text/css; charset=utf-8',
  '.svg': 'image/svg+xml',
  '.png': 'image/png',
}

/** Each file is read at its first request: pages that are never opened cost nothing. */
export function createAssets(folder = BUILT): Assets {
  const known = new Map<string, Promise<Asset | undefined>>()
  const templates = new Map<string, Promise<string>>()
  return {
    page: {
      owns: (path) => path.startsWith(PREFIX),
      async answer({ path, message: { headers } }: PageRequest, response: ServerResponse) {
        const name = path.slice(PREFIX.length)
        const type = NAME.test(name) ? TYPES[extname(name)] : undefined
        const asset = type === undefined ? undefined : await remember(known, name, () => readAsset(folder, name))
        if (type === undefined || asset === undefined) return sendNotFound(response)
        const coding = bestCoding(headers['accept-encoding'], asset)
        send(response, asset, coding, type, headers['if-none-match'])
      },
    },
    async html(page, values = {}) {
      const template = remember(templates, page, () => readFile(new URL(`${page}.template`, folder), 'utf8'))
      return fillIn(await template, values)
    },
  }
}

/** Failures and missing files are not cached: descriptors may run out for a moment, and clients choose the names. */
async function remember<Value>(
  known: Map<string, Promise<Value>>,
  name: string,
  make: () => Promise<Value>,
): Promise<Value> {
  const made = known.get(name) ?? make()
  known.set(name, made)
  const value = await made.catch((error: unknown) => {
    known.delete(name)
    throw error
  })
  if (value === undefined) known.delete(name)
  return value
}

async function readAsset(folder: URL, name: string): Promise<Asset | undefined> {
  const read = async ([coding, end]: [Coding, string]) => {
    const bytes = await readFile(new URL(name + end, folder)).catch(() => undefined)
    return bytes === undefined ? [] : [[coding, bytes] as const]
  }
  const forms = new Map((await Promise.all([...CODINGS].map(read))).flat())
  const plain = forms.get('identity')
  if (plain === undefined) return undefined
  return { tag: createHash('sha256').update(plain).digest('base64url').slice(0, 16), forms }
}

/** Chooses by RFC 9110, section 12.5.3, as far as browsers use it. */
function bestCoding(accepted = '', { forms }: Asset): Coding {
  const request = accepted.split(',').filter((word) => !/;\s*q=0(\.0*)?\s*$/.test(word))
  const names = new Set(request.map((word) => word.replace(/;.*/, '').trim()))
  return [...CODINGS.keys()].find((coding) => forms.has(coding) && names.has(coding)) ?? 'identity'
}

/** Browsers revalidate the file at each use (RFC 9110, section 13.1.2), so that they load a new version at once. */
function send(response: ServerResponse, asset: Asset, coding: Coding, type: string, known: string | undefined): void {
  const tag = `"${asset.tag}-${coding}"`
  const headers: OutgoingHttpHeaders = {
    ...pageHeaders(),
    'Cache-Control': 'no-cache',
    Vary: 'Accept-Encoding',
    ETag: tag,
  }
  if (known?.split(',').some((one) => one.trim().replace(/^W\//, '') === tag)) {
    response.writeHead(304, headers).end()
    return
  }
  const bytes = asset.forms.get(coding) ?? Buffer.alloc(0)
  if (coding !== 'identity') headers['Content-Encoding'] = coding
  response.writeHead(200, { ...headers, 'Content-Type': type, 'Content-Length': bytes.length }).end(bytes)
}

function sendNotFound(response: ServerResponse): void {
  response.writeHead(404, { ...pageHeaders(), 'Content-Type': 'text/plain; charset=utf-8' })
  response.end('no such file\n')
}
