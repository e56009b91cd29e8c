import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { nkeys } from '@nats-io/transport-node'
import t, { type Test } from 'tap'
import { readCredentials } from '../../src/hub/nats/credentials.ts'
import { HubCredentialsError } from '../../src/hub/nats/credentials-error.ts'
import type { HubPlan } from '../../src/plan/program-plan.ts'
import { freePort } from '../free-port.ts'
import { keepLog } from '../kept-log.ts'
import { needs } from '../programs.ts'
import { linkOf, untilConnected } from './nats-link-of.ts'
import { startNatsServer } from './nats-server.ts'

const log = keepLog()
const skip = needs('nats-server')

function fileOf(t: Test, text: string | Buffer): string {
  const file = join(t.testdir(), 'credentials')
  writeFileSync(file, text)
  return file
}

async function authOf(t: Test, text: string) {
  return (await readCredentials(fileOf(t, text)))('nonce')
}

/** Starts a server that accepts what `authorization` says. @returns its URL */
async function serverWith(t: Test, authorization: string): Promise<string> {
  const port = await freePort()
  // The second server of a test writes beside the first.
  const config = join(t.testdirName, `${port}.conf`)
  writeFileSync(config, `listen: "127.0.0.1:${port}"\nauthorization { ${authorization} }\n`)
  const server = await startNatsServer('nats-server', config)
  t.teardown(() => server.signal('SIGKILL'))
  return `nats://127.0.0.1:${port}`
}

function planOf(server: string, credentialsFile: string): HubPlan {
  return { servers: [server], credentialsFile, caFile: undefined, origin: 'edge' }
}

t.test('the forms of the file', async (t) => {
  await t.test('a user and a password, in which colons may be', async (t) => {
    t.match(await authOf(t, 'edge:pass:word\n'), { user: 'edge', pass: 'pass:word' })
  })
  await t.test('a token', async (t) => t.match(await authOf(t, ' s3cret \r\n'), { auth_token: 's3cret' }))
  await t.test('the seed of an nkey', async (t) => {
    const pair = nkeys.createUser()
    const auth = await authOf(t, `${Buffer.from(pair.getSeed()).toString()}\n`)
    t.match(auth, { nkey: pair.getPublicKey(), sig: /./ })
  })
  await t.test('a file of nsc', async (t) => {
    const pair = nkeys.createUser()
    const seed = Buffer.from(pair.getSeed()).toString()
    const text = `-----BEGIN NATS USER JWT-----\neyJ0.eyJq.c2ln\n------END NATS USER JWT------\n\n-----BEGIN USER NKEY SEED-----\n${seed}\n------END USER NKEY SEED------\n`
    for (const form of [text, text.replaceAll('\n', '\r\n'), `${text}\n\n`])
      t.match(await authOf(t, form), { jwt: 'eyJ0.eyJq.c2ln', nkey: pair.getPublicKey(), sig: /./ })
  })
})

t.test('a file that cannot be used is named in one line', async (t) => {
  const refusals: [string, string | Buffer, RegExp][] = [
    ['empty', ' \n', /is empty; needs one line, USER:PASSWORD, a token or the seed of an nkey, or else a file of nsc/],
    ['several lines', 'edge:secret\nother:secret\n', /: needs one line, USER:PASSWORD/],
    ['a wrong seed', `SU${'A'.repeat(56)}\n`, /its seed or its JWT is not valid; needs one line/],
    ['half a file of nsc', '-----BEGIN NATS USER JWT-----\neyJ0\n', /its seed or its JWT is not valid/],
    ['too large', Buffer.alloc(65 * 1024, 'a'), /cannot be read: is larger than 64 KiB$/],
  ]
  for (const [what, text, expected] of refusals) {
    await t.test(what, async (t) => {
      const file = fileOf(t, text)
      const error = await readCredentials(file).catch((refusal: unknown) => refusal)
      t.type(error, HubCredentialsError)
      const { message } = error as Error
      t.match(message, expected)
      t.ok(message.startsWith(`hub-credentials ${file}: `))
      t.notMatch(message, /\n|secret|SUA|eyJ0/, 'in one line, without what is in the file')
    })
  }
  await t.rejects(readCredentials('/nonexistent/file'), {
    name: 'HubCredentialsError',
    message: /cannot be read: ENOENT/,
  })
})

t.test('servers accept a token, and the signature of an nkey', { skip }, async (t) => {
  const file = fileOf(t, 's3cret\n')
  await untilConnected(await linkOf(t, planOf(await serverWith(t, 'token: s3cret'), file), log))
  const pair = nkeys.createUser()
  const server = await serverWith(t, `users: [{ nkey: ${pair.getPublicKey()} }]`)
  writeFileSync(file, pair.getSeed())
  await untilConnected(await linkOf(t, planOf(server, file), log))
})

t.test('the previous credentials stay in use while the file is not valid', { skip }, async (t) => {
  const file = fileOf(t, 's3cret\n')
  const server = await serverWith(t, 'token: s3cret')
  const link = await linkOf(t, planOf(server, file), log)
  writeFileSync(file, '')
  await untilConnected(link)
  t.ok(link.state.isConnected)
})
