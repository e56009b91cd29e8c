import type { ServerResponse } from 'node:http'
import { isFromOtherPage } from '../../access/other-page.ts'
import type { Stream } from '../../stream/stream.ts'
import type { Clock } from '../../system/clock.ts'
import { readVersion } from '../../system/version.ts'
import type { IceSources } from '../icecast/ice-source.ts'
import type { ShownServer } from '../icecast/icestats.ts'
import { requestedAddress } from '../own-address.ts'
import type { Page } from '../page.ts'
import type { PageRequest } from '../page-request.ts'
import type { Viewers } from '../viewers.ts'
import { type AdminAnswer, type AdminForm, answerOf, CommandRefused } from './answers.ts'
import { COMMANDS, type Controls } from './commands.ts'
import { parametersOf } from './parameters.ts'
import { AdminStats, isShown, shoutcastStats } from './stats.ts'

/** Dependencies of the pages of administrators. */
interface AdminPageOptions {
  /** Returns the streams, in a stable order. */
  readonly streams: () => readonly Stream[]
  /** Undefined: there are no administrators. */
  readonly controls: Controls | undefined
  /** The state of the program is shown to other clients than administrators. */
  readonly hasStatus: boolean
  readonly viewers: Viewers
  readonly sources: IceSources
  /** Start of the program, in milliseconds of the clock. */
  readonly startedAt: number
}

const PREFIX = '/admin/'
const SHOUTCAST = '/admin.cgi'
const HEADERS = { 'Cache-Control': 'no-cache, no-store', 'X-Content-Type-Options': 'nosniff' }
const FOR_ALL = { 'Access-Control-Allow-Origin': '*' }
const TEXT = 'text/plain; charset=utf-8'

/**
 * `/admin/…`, by which administrators see and control listeners and publishers, in the shapes of Icecast, and
 * `/admin/publicstats`, which all clients may see. `/admin/metadata` is served beside the publishers.
 */
export function createAdminPage(options: AdminPageOptions, clock: Clock): Page {
  const { streams, controls, viewers, startedAt, hasStatus } = options
  const stats = new AdminStats(options.sources)
  const id = `streamserve/${readVersion()}`
  const serverOf = (request: PageRequest): ShownServer => ({
    address: requestedAddress(request),
    id,
    startedAt: Date.now() - clock.now() + startedAt,
  })

  function publicStats(request: PageRequest, form: AdminForm): AdminAnswer {
    const mount = request.query.get('mount')
    const shown = streams().filter(
      (stream) => isShown(stream) && !stream.plan.page.hidden && (mount === null || stream.path === mount),
    )
    return answerOf(stats.publicStats(shown, serverOf(request)), form)
  }

  async function run(request: PageRequest, name: string, form: AdminForm): Promise<AdminAnswer> {
    const command = COMMANDS.get(name)
    if (command === undefined || controls === undefined) return refusal(400, 'Unrecognised command')
    const parameter = await parametersOf(request)
    if (command.isAction && isFromAnotherPage(request)) return refusal(403, 'a page of another site may not do this')
    try {
      const asked = { parameter, server: serverOf(request), now: clock.now() }
      return answerOf(await command.run(asked, controls, stats), form)
    } catch (error) {
      if (error instanceof CommandRefused) return refusal(400, error.message)
      throw error
    }
  }

  return {
    owns: (path) => path.startsWith(PREFIX) || path === SHOUTCAST,
    async answer(request, response) {
      const isJson = request.path.endsWith('.json')
      const form = isJson ? 'json' : 'xml'
      const name = request.path.slice(PREFIX.length, isJson ? -'.json'.length : undefined)
      if (name === 'publicstats' && hasStatus) return send(response, publicStats(request, form), FOR_ALL)
      if (!(await viewers.admitAdmin(request, response))) return
      send(response, request.path === SHOUTCAST ? shoutcastAnswer(streams(), request) : await run(request, name, form))
    },
  }
}

/** The streams are numbered from 1 on, as SHOUTcast does. */
function shoutcastAnswer(streams: readonly Stream[], { query }: PageRequest): AdminAnswer {
  const stream = streams[Number(query.get('sid') ?? 1) - 1]
  return stream === undefined ? refusal(400, 'Source does not exist') : answerOf(shoutcastStats(stream), 'xml')
}

function isFromAnotherPage({ message, host }: PageRequest): boolean {
  const field = (name: string) => {
    const value = message.headers[name]
    return Array.isArray(value) ? value.join() : value
  }
  return isFromOtherPage({ method: message.method ?? 'GET', field, host })
}

function refusal(status: number, line: string): AdminAnswer {
  return { status, type: TEXT, body: `${line}\n` }
}

function send(response: ServerResponse, { status, type, body }: AdminAnswer, fields = {}): void {
  response.writeHead(status, {
    ...HEADERS,
    ...fields,
    'Content-Type': type,
    'Content-Length': Buffer.byteLength(body),
  })
  response.end(body)
}
