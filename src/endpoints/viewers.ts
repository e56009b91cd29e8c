import type { ServerResponse } from 'node:http'
import type { AdminGate } from '../access/admin-gate.ts'
import type { LoginResult } from '../access/logins.ts'
import { setUser } from '../transport/exchange.ts'
import { credentialsOf } from '../transport/publish/credentials.ts'
import { pageHeaders } from './headers.ts'
import { isLocalClient } from './local-client.ts'
import type { PageRequest } from './page-request.ts'

/**
 * A client that may see the state of the program. An operator sees all of it; the public does not see commands, their output and
 * addresses. A proxy on this machine can make all clients look local, so where the state is public, an operator has to log in.
 */
export type Viewer = 'operator' | 'public'

type Refusal = [status: number, line: string, fields: Record<string, string>]

/** Decides which clients may see the state of the program: its status, events and metrics. */
export interface Viewers {
  /**
   * Refuses a client that may not see it: with 401 where there are administrators, otherwise with 403. With `?login` it asks for user
   * and password also where the state is public.
   * @param access clients that may see it without a password. @param line reason of a refusal, with the option that changes it
   * @returns undefined: the response was a refusal
   */
  admit(
    request: PageRequest,
    response: ServerResponse,
    access: 'local' | 'all',
    line: string,
  ): Promise<Viewer | undefined>
  /** Refuses a client that is not an administrator. @returns false: the response was a refusal */
  admitAdmin(request: PageRequest, response: ServerResponse): Promise<boolean>
}

const CHALLENGE = { 'WWW-Authenticate': 'Basic realm="administrator", charset="UTF-8"' }
const REFUSALS: Readonly<Record<'missing' | Exclude<LoginResult, 'granted'>, Refusal>> = {
  missing: [401, 'user and password of an administrator are required', CHALLENGE],
  wrong: [401, 'wrong user or password', CHALLENGE],
  'too many': [429, 'too many wrong passwords; try again in a minute', { 'Retry-After': '60' }],
  busy: [503, 'too many passwords are being checked; try again later', { 'Retry-After': '10' }],
}
const NO_ADMIN = 'there is no administrator; -admin-password or -admin-users makes one'

export function createViewers(admins: AdminGate): Viewers {
  return {
    async admit(request, response, access, line) {
      if (access === 'local' && isLocalClient(request)) return 'operator'
      const logsIn = access === 'local' || request.query.has('login') || offeredBy(request) !== undefined
      if (admins.accounts !== undefined && logsIn) {
        return (await admitAdmin(admins, request, response)) ? 'operator' : undefined
      }
      if (access === 'all') return 'public'
      refuse(response, 403, line)
      return undefined
    },
    async admitAdmin(request, response) {
      if (admins.accounts !== undefined) return admitAdmin(admins, request, response)
      refuse(response, 403, NO_ADMIN)
      return false
    },
  }
}

async function admitAdmin(admins: AdminGate, request: PageRequest, response: ServerResponse): Promise<boolean> {
  const offered = offeredBy(request)
  const result = await admins.check(offered, request.network)
  if (result === 'granted') setUser(request.message.socket, offered?.user)
  if (result !== 'granted') refuse(response, ...REFUSALS[result])
  return result === 'granted'
}

function offeredBy({ message }: PageRequest): ReturnType<typeof credentialsOf> {
  return credentialsOf(message.headers.authorization)
}

function refuse(response: ServerResponse, status: number, line: string, fields: Record<string, string> = {}): void {
  response.writeHead(status, { ...pageHeaders(), ...fields, 'Content-Type': 'text/plain; charset=utf-8' })
  response.end(`${line}\n`)
}
