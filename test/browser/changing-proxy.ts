import { once } from 'node:events'
import { createServer, type IncomingMessage, request, type ServerResponse } from 'node:http'
import type { AddressInfo } from 'node:net'
import { text } from 'node:stream/consumers'
import type { Test } from 'tap'

/** What a proxy changes. */
export interface Changes {
  /** Answers a request in place of the server. @param path with the query @returns whether it has */
  readonly answer?: (path: string, response: ServerResponse) => boolean
  /** Script that runs before those of a page. */
  readonly script?: string
}

/** A proxy between a browser and a server. */
export interface ChangingProxy {
  readonly url: string
  readonly port: number
  /** Paths, with queries, of the requests until now. */
  readonly requests: readonly string[]
  /** Resolves with the path and query of the first request, of the past or the future, that matches. */
  requested(what: RegExp): Promise<string>
  /** Resolves once there is an endless response with sound, which `cutSound` has not cut. */
  sounds(): Promise<void>
  /** Ends the endless responses. As their end is that of the connection in HTTP of streamserve, a browser knows no more of a cut one. */
  cutSound(): void
}

const SCRIPT = '/script-of-test.js'

/**
 * Starts a proxy for a loopback port that notes requests and changes responses, for what not all engines can be made to do. It does
 * not pass WebSockets. It ends with the test.
 */
export async function startChangingProxy(
  t: Test,
  port: number,
  { answer, script }: Changes = {},
): Promise<ChangingProxy> {
  const requests: string[] = []
  const endless = new Set<ServerResponse>()
  const proxy = createServer((near, response) => {
    const path = near.url ?? ''
    requests.push(path)
    proxy.emit('path', path)
    if (answer?.(path, response) === true) return
    if (path === SCRIPT) response.setHeader('Content-Type', 'text/javascript').end(script)
    else pass(near, response, port, { addsScript: script !== undefined, began })
  })
  function began(response: ServerResponse): void {
    if (!isEndlessSound(response)) return
    endless.add(response)
    response.on('close', () => endless.delete(response))
    proxy.emit('sound')
  }
  proxy.listen(0, '127.0.0.1')
  await once(proxy, 'listening')
  t.teardown(() => {
    proxy.close()
    proxy.closeAllConnections()
  })
  const { port: own } = proxy.address() as AddressInfo
  return {
    url: `http://127.0.0.1:${own}`,
    port: own,
    requests,
    async requested(what) {
      for (let found = requests.find((path) => what.test(path)); ; ) {
        if (found !== undefined) return found
        const [path] = (await once(proxy, 'path')) as [string]
        if (what.test(path)) found = path
      }
    },
    async sounds() {
      if (endless.size === 0) await once(proxy, 'sound')
    },
    cutSound() {
      for (const response of endless) response.end()
      endless.clear()
    },
  }
}

function isEndlessSound(response: ServerResponse): boolean {
  const type = String(response.getHeader('content-type'))
  return type.startsWith('audio/') && !response.hasHeader('content-length')
}

interface Passing {
  readonly addsScript: boolean
  /** Called when the head of a response, which is not changed, has been sent. */
  readonly began: (response: ServerResponse) => void
}

function pass(near: IncomingMessage, response: ServerResponse, port: number, { addsScript, began }: Passing): void {
  const { method, url, headers } = near
  // Responses to be changed are not compressed.
  const kept = addsScript ? { ...headers, 'accept-encoding': 'identity' } : headers
  const far = request({ host: '127.0.0.1', port, method, path: url, headers: kept }, (answered) => {
    const { statusCode = 502, headers: fields } = answered
    answered.on('error', () => response.destroy())
    if (!addsScript || fields['content-type']?.startsWith('text/html') !== true) {
      for (const [name, value] of Object.entries(fields)) response.setHeader(name, value ?? '')
      response.writeHead(statusCode)
      response.flushHeaders()
      began(response)
      answered.pipe(response)
      return
    }
    const { 'content-length': _, ...others } = fields
    response.writeHead(statusCode, others)
    void text(answered).then((page) => response.end(page.replace('<head>', `<head><script src="${SCRIPT}"></script>`)))
  })
  far.on('error', () => response.destroy())
  response.on('close', () => far.destroy())
  near.pipe(far)
}
