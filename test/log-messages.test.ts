import { readdirSync, readFileSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import t from 'tap'
import { type LogCall, logCallsIn } from './log-calls.ts'

const PROJECT = fileURLToPath(new URL('../..', import.meta.url))
const LIST = 'src/LOG.md'

/** Files that log what their callers pass. */
const PASSED_ON = /^src\/(?:source\/files\/warnings|system\/folded-warning)\.ts:/
/** Fields of all messages of a stream, a command or a thread. */
const ADDED = new Set(['stream', 'thread', 'pid'])

interface Listed {
  readonly levels: readonly string[]
  readonly fields: readonly string[]
}

const calls = readdirSync(`${PROJECT}/src`, { recursive: true, encoding: 'utf8' })
  .filter((file) => file.endsWith('.ts') && !file.startsWith('web/'))
  .map((file) => `src/${file}`)
  .flatMap((file) => logCallsIn(readFileSync(`${PROJECT}/${file}`, 'utf8'), file))
  .filter(({ place }) => !PASSED_ON.test(place))
const text = readFileSync(`${PROJECT}/${LIST}`, 'utf8')
const listed = new Map<string, Listed>(
  [...text.matchAll(/^\| `([^`|]+)` +\| ([a-z, ]+?) +\| [^|]+ \| ([^|]*) \|$/gm)].map(
    ([, message = '', levels = '', fields = '']) => [message, { levels: levels.split(', '), fields: namesIn(fields) }],
  ),
)
const [, explanations = '', reasons = ''] = text.split(/^## (?:Fields|Reasons)$/m)
const explained = new Set([...explanations.matchAll(/^\| `(\w+)` +\| [^|]+ \|$/gm)].map(([, name = '']) => name))

function namesIn(cell: string): string[] {
  return [...cell.matchAll(/`(\w+)`/g)].map(([, name = '']) => name)
}

function callsOf(message: string): LogCall[] {
  return calls.filter(({ messages }) => messages.includes(message))
}

t.test('finds calls, their levels and fields', async (t) => {
  const source = `
    // log.info('in a comment')
    this.#log[this.level](isGood ? 'one' : 'other', { source: f({ a, b }), line, ...about })
    log.warn(message)
    lookUp.warn('list (long) truncated', values)
    new FoldedWarning('limit reached', ['refused', 'closed'], clock, log)`
  t.match(logCallsIn(source, 'a.ts'), [
    {
      place: 'a.ts:3',
      messages: ['one', 'other'],
      levels: ['info', 'debug'],
      fields: ['source', 'line'],
      hasMoreFields: true,
    },
    { place: 'a.ts:4', messages: [], levels: ['warn'], fields: [], hasMoreFields: false },
    { place: 'a.ts:5', messages: ['list (long) truncated'], levels: ['warn'], fields: [], hasMoreFields: true },
    { place: 'a.ts:6', messages: ['limit reached'], fields: ['refused', 'closed'], hasMoreFields: true },
  ])
})

t.test('each call logs a literal message that the list has', async (t) => {
  for (const { place, messages } of calls) {
    if (messages.length === 0) t.fail(`${place} logs a message that is not a literal`)
    for (const message of messages) t.ok(listed.has(message), `${place}: ${LIST} has "${message}"`)
  }
})

t.test('each message in the list is logged, with the levels and fields of the list', async (t) => {
  for (const [message, { levels, fields }] of listed) {
    const own = callsOf(message)
    if (own.length === 0) t.fail(`${LIST}: no call logs "${message}"`)
    const literal = new Set(own.flatMap((call) => call.fields))
    const surplus = own.some(({ hasMoreFields }) => hasMoreFields) ? [] : fields.filter((field) => !literal.has(field))
    t.strictSame(new Set(own.flatMap((call) => call.levels)), new Set(levels), `${message}: levels in ${LIST}`)
    t.strictSame(
      [...literal].filter((field) => !fields.includes(field) && !ADDED.has(field)),
      [],
      `${message}: fields missing in ${LIST}`,
    )
    t.strictSame(
      surplus.filter((field) => !ADDED.has(field)),
      [],
      `${message}: fields in ${LIST} that no call has`,
    )
  }
})

t.test('the list explains each field, and no other', async (t) => {
  const used = new Set([...ADDED, ...[...listed.values()].flatMap(({ fields }) => fields)])
  t.strictSame([...explained].toSorted(), [...used].toSorted())
})

t.test('the list explains each reason for which a listener is disconnected', async (t) => {
  const source = readFileSync(`${PROJECT}/src/delivery/listener.ts`, 'utf8')
  const [, union = ''] = /type CloseReason =([^/]*)/.exec(source) ?? []
  const known = [...union.matchAll(/'([^']+)'/g)].map(([, reason = '']) => reason)
  const named = [...reasons.matchAll(/^\| `([^`]+)`/gm)].map(([, reason = '']) => reason)
  t.strictSame(named.toSorted(), known.toSorted())
})
