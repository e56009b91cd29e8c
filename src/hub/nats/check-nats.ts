import { setImmediate as nextTurn } from 'node:timers/promises'
import { type Authenticator, errors, type NatsConnection } from '@nats-io/transport-node'
import type { HubPlan } from '../../plan/program-plan.ts'
import { connectionProblem, permissionProblem } from './connection-problem.ts'
import { HubCredentialsError } from './credentials-error.ts'
import { credentialsOf, dial } from './dial.ts'
import { historyProblem, LIVE_STREAM, liveStream, noHistory } from './live-stream.ts'
import { type HubUse, neededSubjects } from './needed-subjects.ts'
import { orAborted } from './or-aborted.ts'

/** What a hub is like for a program, in lines. */
export interface HubCheck {
  readonly facts: readonly string[]
  /** Each says what is wrong, and what would be right. */
  readonly problems: readonly string[]
}

/** Times to connect, and for the answers of a connected server and of JetStream, in milliseconds: about 3 s in all. */
const DIAL_MS = 2_000
const ANSWER_MS = 500
const JETSTREAM_MS = 800
/** A server without JetStream for the account does not answer. */
const NO_JETSTREAM = noHistory(
  'JetStream does not answer: it must be enabled for the server and for the account (jetstream)',
)

/** Tries whether the servers of a plan can be reached, and what this program may do there. @param origin name of this program on the hub */
export async function checkNats(plan: HubPlan, origin: string, use: HubUse): Promise<HubCheck> {
  let authenticator: Authenticator | undefined
  try {
    authenticator = await credentialsOf(plan)
  } catch (error) {
    if (!(error instanceof HubCredentialsError)) throw error
    return { facts: [], problems: [`-${error.message}`] }
  }
  const tries = await Promise.all(plan.servers.map((server) => tryServer(server, plan, authenticator)))
  const reached = tries.flatMap(({ server, result }) =>
    typeof result === 'string' ? [] : [{ server, connection: result }],
  )
  const problems = unreachable(tries)
  const [first] = reached
  try {
    if (first === undefined) return { facts: [], problems }
    const { server, connection } = first
    const found = await tryUse(connection, origin, use)
    const version = connection.info?.version ?? 'unknown'
    const facts = [
      `hub: ${server} (nats-server ${version}) can be reached ${asWhom(plan, authenticator)}`,
      ...(found.denied.length === 0 ? ['hub: it permits what the streams of this program need'] : []),
      ...(found.keepsFrames ? ['hub: it keeps the last seconds of streams (JetStream)'] : []),
    ]
    return { facts, problems: [...problems, ...found.denied, ...found.history].map((line) => flagged(line)) }
  } finally {
    for (const { connection } of reached) void connection.close()
  }
}

interface Tried {
  readonly server: string
  /** A text: why it cannot be used. */
  readonly result: NatsConnection | string
}

async function tryServer(server: string, plan: HubPlan, authenticator: Authenticator | undefined): Promise<Tried> {
  try {
    const signal = AbortSignal.timeout(DIAL_MS)
    const connection = await dial(server, plan, { authenticator, timeoutMs: DIAL_MS }, signal)
    return { server, result: connection ?? 'the server does not answer' }
  } catch (error) {
    return { server, result: connectionProblem(server, error as Error, plan) }
  }
}

/** One line for all servers with the same problem. */
function unreachable(tries: readonly Tried[]): string[] {
  const servers = new Map<string, string[]>()
  for (const { server, result } of tries) {
    if (typeof result === 'string') servers.set(result, [...(servers.get(result) ?? []), server])
  }
  return Array.from(servers, ([problem, those]) => `-hub ${those.join(', ')}: ${problem}`)
}

interface Tries {
  readonly denied: readonly string[]
  readonly history: readonly string[]
  readonly keepsFrames: boolean
}

/** Sends empty messages, which no reader takes, to all subjects that are needed: the server answers what it denies. */
async function tryUse(connection: NatsConnection, origin: string, use: HubUse): Promise<Tries> {
  const denied = new Set<string>()
  void watch(connection, denied)
  const { publish, subscribe } = neededSubjects(origin, use)
  for (const subject of publish) connection.publish(subject)
  for (const subject of subscribe) connection.subscribe(subject, { callback: () => undefined })
  await answered(connection)
  const { history, keepsFrames } = await tryJetStream(connection, use)
  await answered(connection)
  return { denied: [...denied], history: denied.size === 0 ? history : [], keepsFrames }
}

async function watch(connection: NatsConnection, denied: Set<string>): Promise<void> {
  for await (const status of connection.status()) {
    if (status.type !== 'error' || !(status.error instanceof errors.PermissionViolationError)) continue
    denied.add(permissionProblem(status.error))
  }
}

/** Resolves once the server has answered all that was sent. */
async function answered(connection: NatsConnection): Promise<void> {
  await orAborted(connection.flush(), AbortSignal.timeout(ANSWER_MS)).catch(() => undefined)
  await nextTurn()
}

async function tryJetStream(connection: NatsConnection, use: HubUse): Promise<Omit<Tries, 'denied'>> {
  const { jetstreamManager } = (await import('@nats-io/jetstream')).default
  try {
    const manager = await jetstreamManager(connection, { checkAPI: false, timeout: JETSTREAM_MS })
    const info = await liveStream(manager)
    if (info === undefined && use.publishes.length > 0) connection.publish(`$JS.API.STREAM.CREATE.${LIVE_STREAM}`)
    return { history: [], keepsFrames: info !== undefined }
  } catch (error) {
    const problem = error instanceof errors.TimeoutError ? NO_JETSTREAM : historyProblem(error)
    return { history: problem === undefined ? [] : [problem], keepsFrames: false }
  }
}

function asWhom({ credentialsFile }: HubPlan, authenticator: Authenticator | undefined): string {
  if (authenticator === undefined) return 'without credentials'
  const { user } = (authenticator('') ?? {}) as { user?: string }
  return user === undefined ? `with the credentials of ${credentialsFile}` : `as the user ${user}`
}

function flagged(line: string): string {
  return line.startsWith('-') ? line : `-hub: ${line}`
}
