import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import type { Test } from 'tap'
import { createAssets } from '../../../src/endpoints/assets.ts'
import type { IndexEntry } from '../../../src/endpoints/index/index-entry.ts'
import { createIndexPage, type IndexOptions } from '../../../src/endpoints/index/index-page.ts'
import { pageRequest } from '../page-request.ts'

/** A stream of the index, with changes by the test. */
export function entryOf(path: string, changes: Partial<IndexEntry> = {}): IndexEntry {
  return {
    path,
    listen: path,
    name: '',
    description: '',
    format: '',
    title: '',
    isForMembers: false,
    isOpen: true,
    isOff: false,
    ...changes,
  }
}

/** Serves the index of streams, which the test may change, with the files that it loads. @returns its URL */
export async function serveIndex(
  t: Test,
  streams: () => Iterable<IndexEntry>,
  options: Partial<IndexOptions> = {},
): Promise<string> {
  const assets = createAssets()
  const index = createIndexPage(async () => [...streams()], assets, {
    frameAncestors: '*',
    linksFor: () => [],
    ...options,
  })
  const server = createServer((message, response) => {
    const { pathname, searchParams } = new URL(message.url ?? '', 'http://localhost')
    const asked = { ...pageRequest(message, decodeURIComponent(pathname)), query: searchParams }
    const page = [index, assets.page].find((one) => one.owns(asked.path))
    if (page === undefined) response.writeHead(404).end('not served here\n')
    else void page.answer(asked, response)
  })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  t.teardown(() => {
    server.closeAllConnections()
    server.close()
  })
  return `http://127.0.0.1:${(server.address() as AddressInfo).port}`
}
