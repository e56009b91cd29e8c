import { execFileSync, spawnSync } from 'node:child_process'
import { randomInt } from 'node:crypto'
import { chmodSync } from 'node:fs'
import t, { type Test } from 'tap'
import { listen } from '../client.ts'
import { groupsOf, needsProc, processesWith, uniqueToken, untilGone, usersOf } from '../processes.ts'
import { needs } from '../programs.ts'
import { PLAIN_NODE, plainEnvironment, run, type Server, startServer } from '../streamserve.ts'

const isRoot = process.getuid?.() === 0
const skip = needsProc || needs('id') || (!isRoot && 'needs root')

function idOf(what: '-u' | '-g'): number {
  return Number(execFileSync('id', [what, 'nobody']).toString())
}

t.test('-uid: the program and its children run as that user, with its groups only', { skip }, async (t) => {
  for (const user of ['nobody', String(skip ? 0 : idOf('-u'))]) {
    const token = uniqueToken()
    const server = await startServer(t, [
      '-uid',
      user,
      '-frame-bytes',
      '1',
      '-exec',
      `id -un; id -gn; : ${token}; exec sleep 1000`,
    ])
    const listener = listen(t, server.port)
    const [uid, gid] = [idOf('-u'), idOf('-g')]
    await server.logged(/source opened/)
    t.strictSame(usersOf(server.child.pid ?? 0), [uid, uid, uid, uid])
    t.strictSame(groupsOf(server.child.pid ?? 0), [gid])
    const group = execFileSync('id', ['-gn', 'nobody']).toString()
    t.equal((await listener.bodyHas(7 + group.length)).toString(), `nobody\n${group}`)
    for (const pid of processesWith(token)) t.strictSame(usersOf(pid), [uid, uid, uid, uid])
    server.child.kill()
    t.equal(await server.exited, 0)
    await untilGone(token)
  }
})

/** A streamserve at some port below 1024: the one that is tried may be taken. */
async function startAtLowPort(t: Test, flags: readonly string[]): Promise<Server> {
  for (let tries = 0; tries < 20; tries++) {
    const port = randomInt(600, 1024)
    const server = await startServer(t, ['-address', `127.0.0.1:${port}`, ...flags]).catch(() => undefined)
    if (server !== undefined) return server
  }
  throw new Error('no port below 1024 is free')
}

t.test('-uid: a port that takes rights is bound before they are given up', { skip }, async (t) => {
  const server = await startAtLowPort(t, ['-uid', 'nobody', '-exec', 'echo x'])
  t.ok(server.port < 1024)
  t.equal(usersOf(server.child.pid ?? 0)[1], idOf('-u'))
})

t.test('-uid: what the user may not read, the source may not read', { skip }, async (t) => {
  const directory = t.testdir({ file: 'secret' })
  chmodSync(`${directory}/file`, 0o600)
  const server = await startServer(t, ['-uid', 'nobody', '-path', `${directory}/file`])
  listen(t, server.port)
  t.match(await server.logged(/source closed/), 'EACCES')
})

t.test('-uid: an unknown user is refused in one line', { skip: needs('id') }, async (t) => {
  for (const user of ['no-such-user-here', '123456789']) {
    const { code, stderr } = await run(['-address', '127.0.0.1:0', '-uid', user, '-exec', 'echo x'])
    t.equal(code, 1)
    t.equal(stderr, `streamserve: -uid ${user}: there is no such user\n`)
  }
})

t.test('-uid: a user who may not become another is told so', { skip: skip || needs('setpriv') }, async (t) => {
  const main = new URL('../../src/main.js', import.meta.url).pathname
  const flags = ['-address', '127.0.0.1:0', '-uid', 'root', '-exec', 'echo x']
  const asNobody = ['--reuid', 'nobody', '--clear-groups', ...PLAIN_NODE, main, ...flags]
  const { status, stderr } = spawnSync('setpriv', asNobody, { encoding: 'utf8', env: plainEnvironment() })
  t.equal(status, 1)
  t.match(stderr, /^streamserve: -uid root: cannot become this user: .+\n$/)
})
