import { errors, type PermissionViolationError } from '@nats-io/transport-node'
import type { HubPlan } from '../../plan/program-plan.ts'
import { printable } from '../../text/printable.ts'

/** Maximum length of what a server says, in characters. */
const MAX_LENGTH = 200

const UNKNOWN_AUTHORITY =
  'its certificate is signed by an unknown authority: hub-ca needs the file with the certificate of that authority'
const WRONG_AUTHORITY = 'its certificate is not signed by the authority of hub-ca'

const UNKNOWN_AUTHORITY_CODES: ReadonlySet<string> = new Set([
  'DEPTH_ZERO_SELF_SIGNED_CERT',
  'SELF_SIGNED_CERT_IN_CHAIN',
  'UNABLE_TO_GET_ISSUER_CERT',
  'UNABLE_TO_GET_ISSUER_CERT_LOCALLY',
  'UNABLE_TO_VERIFY_LEAF_SIGNATURE',
])

/** Reasons by the code of the system, of the resolver or of TLS. */
const REASONS: Readonly<Record<string, string>> = {
  CERT_HAS_EXPIRED: 'its certificate has expired',
  CERT_NOT_YET_VALID: 'its certificate is not valid yet; are the clocks right?',
  CERT_SIGNATURE_FAILURE: WRONG_AUTHORITY,
  ECONNREFUSED: 'connection refused: no server listens there',
  ECONNRESET: 'connection closed by the server',
  EHOSTUNREACH: 'no route to the host',
  ENETUNREACH: 'no route to the network',
  ENOTFOUND: 'name not found',
  EAI_AGAIN: 'name not found, because no name server answers',
  ETIMEDOUT: 'the host does not answer',
}

/**
 * Returns why a server cannot be used, in one line.
 * @param server its URL
 * @param error of the client; undefined: there is none
 */
export function connectionProblem(
  server: string,
  error: Error | undefined,
  { caFile, credentialsFile }: HubPlan,
): string {
  const causes = chain(error)
  for (const cause of causes) {
    const { code = '', message } = cause as NodeJS.ErrnoException
    if (UNKNOWN_AUTHORITY_CODES.has(code)) return caFile === undefined ? UNKNOWN_AUTHORITY : WRONG_AUTHORITY
    if (code === 'ERR_TLS_CERT_ALTNAME_INVALID')
      return `its certificate is for another name than ${new URL(server).hostname}: ${shortened(message)}`
    const reason = REASONS[code]
    if (reason !== undefined) return reason
    if (cause instanceof errors.AuthorizationError || cause instanceof errors.UserAuthenticationExpiredError)
      return refusal(message, credentialsFile)
    if (cause instanceof errors.TimeoutError) return 'the server does not answer'
    if (message.includes("does not support 'tls'")) return 'the server has no TLS: hub needs nats:// in place of tls://'
  }
  return shortened(causes[0]?.message ?? 'connection closed by the server')
}

function refusal(message: string, file: string | undefined): string {
  if (/expired/i.test(message)) return `the credentials${of(file)} have expired (${shortened(message)})`
  if (/timeout/i.test(message)) return `the server waited too long for the credentials (${shortened(message)})`
  return file === undefined
    ? 'the server needs credentials: hub-credentials needs a file with USER:PASSWORD'
    : `the server refuses the credentials${of(file)}`
}

const of = (file: string | undefined) => (file === undefined ? '' : ` of ${file}`)

/** The error and its causes. */
function chain(error: Error | undefined): Error[] {
  const causes: Error[] = []
  for (let cause: unknown = error; cause instanceof Error && causes.length < 8; cause = cause.cause) {
    causes.push(cause)
    // A name with several addresses has an error for each.
    if (cause instanceof AggregateError && cause.errors[0] instanceof Error) causes.push(cause.errors[0])
  }
  return causes
}

/** Returns what a user must be allowed, in one line. */
export function permissionProblem({ operation, subject }: PermissionViolationError): string {
  const [needed, verb] = [neededSubject(subject), operation === 'publish' ? 'publish to' : 'subscribe to']
  const list = operation === 'publish' ? 'publish' : 'subscribe'
  return printable(`the hub denies to ${verb} ${shortened(needed)}: its user needs that in permissions, ${list}`)
}

/** What the permissions would name: one line for all streams of an origin. */
function neededSubject(subject: string): string {
  const [root, kind, , last] = subject.split('.')
  if (root === '$JS')
    return subject
      .replace(/(CONSUMER\.CREATE\.SS_LIVE)\..*/, '$1.*.ss.a.>')
      .replace(/(CONSUMER\.(?:DELETE|MSG\.NEXT)\.SS_LIVE)\..*/, '$1.*')
  if (root === '_INBOX') return '_INBOX.>'
  if (root !== 'ss') return subject
  if (kind === 'r') return 'ss.r.*'
  return (kind === 'a' || kind === 'm') && last !== undefined && last !== '>' ? `ss.${kind}.*.${last}` : subject
}

function shortened(text: string): string {
  return printable(text.slice(0, MAX_LENGTH))
}
