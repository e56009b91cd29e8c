import type { IncomingMessage } from 'node:http'
import { printable } from '../../text/printable.ts'
import { SourceError } from '../source.ts'
import { beginBody } from './begin-body.ts'
import type { ConnectOptions } from './connect.ts'
import { destroyAfter } from './limits.ts'
import { redirectOf, shownLink, targetOf } from './links.ts'
import { requestStream } from './request.ts'
import { shownUrl } from './shown-url.ts'
import { listFormatOf, readUrlList } from './url-list.ts'

/** A server that answers with sound. */
export interface Upstream {
  /** Where it was found, behind redirects and lists. */
  readonly url: URL
  readonly answer: IncomingMessage
  /** The whole body. It has to be iterated; an abort ends it. */
  readonly chunks: AsyncIterable<Buffer>
}

/** An answer that is a redirect or a playlist. */
interface Lead {
  readonly leadsTo: readonly URL[]
}

/** Options of a search. */
interface SearchOptions extends ConnectOptions {
  /** Encoding of lists that are not Unicode. */
  readonly charset: string
}

/** Maximum number of redirects and lists between a given address and the sound. */
const MAX_REDIRECTS = 5
/** Time for a playlist, in milliseconds. */
const LIST_MS = 10_000
/** Maximum number of requests of one opening: lists may lead to lists. */
const MAX_REQUESTS = 30
/** Maximum number of reasons in a message. */
const MAX_REASONS = 5
/** Media types of pages and of error messages, which some servers send with the status 200. */
const PAGE = /^\s*(?:text\/html|application\/(?:json|xhtml\+xml))\s*(?:;|$)/i

/** Search for the sound behind addresses, in one opening. */
export class Search {
  readonly #options: SearchOptions
  #requests = 0

  constructor(options: SearchOptions) {
    this.#options = options
  }

  /** Returns the first address that answers with sound. @throws SourceError with the reason of each */
  async firstOf(urls: readonly URL[], redirects = 0): Promise<Upstream> {
    const errors: SourceError[] = []
    for (const url of urls) {
      try {
        return await this.#find(url, redirects)
      } catch (error) {
        if (!(error instanceof SourceError) || this.#options.signal.aborted) throw error
        errors.push(error)
      }
    }
    const [only, ...others] = errors
    throw only !== undefined && others.length === 0 ? only : new SourceError(reasonsOf(errors))
  }

  async #find(url: URL, redirects: number): Promise<Upstream> {
    try {
      const found = await this.#request(url)
      if ('url' in found) return found
      if (redirects === MAX_REDIRECTS) throw new SourceError(`more than ${MAX_REDIRECTS} redirects`)
      return await this.firstOf(found.leadsTo, redirects + 1)
    } catch (error) {
      throw error instanceof LocatedError ? error : new LocatedError(url, error as Error)
    }
  }

  /** Returns the answer of an address, or the addresses to which it leads. */
  async #request(url: URL): Promise<Upstream | Lead> {
    if (++this.#requests > MAX_REQUESTS) throw new SourceError(`more than ${MAX_REQUESTS} requests`)
    const answer = await requestStream(url, this.#options)
    try {
      const location = redirectOf(answer)
      if (location === undefined) return await this.#read(url, answer)
      const target = targetOf(url, location)
      if (target === undefined)
        throw new SourceError(`leads to ${shownLink(location)}, which is not an address of HTTP`)
      answer.destroy()
      return { leadsTo: [target] }
    } catch (error) {
      answer.destroy()
      throw error
    }
  }

  async #read(url: URL, answer: IncomingMessage): Promise<Upstream | Lead> {
    refuseOther(answer)
    const body = await beginBody(answer, this.#options, () => this.#options.reached?.('first byte', url))
    const format = listFormatOf(answer, body.first)
    if (format === undefined) return { url, answer, chunks: body.chunks }
    const release = destroyAfter(answer, LIST_MS, 'no end of the playlist', this.#options)
    const entries = await readUrlList(body.chunks, format, this.#options.charset).finally(release)
    const leadsTo = entries.flatMap((entry) => targetOf(url, entry) ?? [])
    if (leadsTo.length === 0) throw new SourceError('the playlist has no address of HTTP')
    return { leadsTo }
  }
}

/** An answer with another status than 200. */
export class StatusError extends SourceError {
  readonly status: number

  constructor(status: number, text: string) {
    super(`${status} ${printable(text.slice(0, 100))}`.trim())
    this.status = status
  }
}

/** An error that names its address. */
class LocatedError extends SourceError {
  constructor(url: URL, cause: Error) {
    super(`${shownUrl(url)}: ${cause.message}`, { cause })
  }
}

function reasonsOf(errors: readonly SourceError[]): string {
  const shown = errors.slice(0, MAX_REASONS).map(({ message }) => message)
  const more = errors.length - shown.length
  return [...shown, ...(more > 0 ? [`and ${more} more`] : [])].join('; ')
}

/** @throws SourceError about an answer that is not sound */
function refuseOther({ statusCode = 0, statusMessage = '', headers }: IncomingMessage): void {
  if (statusCode !== 200) throw new StatusError(statusCode, statusMessage)
  const type = headers['content-type'] ?? ''
  if (PAGE.test(type)) throw new SourceError(`sends a page (${printable(type.slice(0, 100))}) in place of sound`)
  const encoding = headers['content-encoding'] ?? 'identity'
  if (encoding.toLowerCase() !== 'identity') throw new SourceError(`sends compressed bytes (${printable(encoding)})`)
}
