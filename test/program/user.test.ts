import { execFileSync, spawnSync } from 'node:child_process'
import { randomInt } from 'node:crypto'
import { chmodSync, mkdirSync, symlinkSync, writeFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import t, { type Test } from 'tap'
import { cannotChangeUser } from '../../src/system/drop-rights.ts'
import { listen } from '../client.ts'
import { groupsOf, needsProc, processesWith, uniqueToken, untilGone, usersOf } from '../processes.ts'
import { needs } from '../programs.ts'
import { MAIN, PLAIN_NODE, plainEnvironment, run, type Server, startServer } from '../streamserve.ts'

const isRoot = process.getuid?.() === 0
/** Whether the user `nobody` can read the program, which may be in a private home directory. */
const isReadable = spawnSync('setpriv', ['--reuid=nobody', '--clear-groups', 'test', '-r', MAIN]).status === 0
const needsReadable = !isReadable && 'needs setpriv, and a folder that the user nobody may read'
const skip = needsProc || needs('id') || (!isRoot && 'needs root') || needsReadable

function idOf(what: '-u' | '-g'): number {
  return Number(execFileSync('id', [what, 'nobody']).toString())
}

/** The process that streams: the one that was started, or a child where Node.js cannot change its user. */
function programOf(server: Server): number {
  return Number(/restarted as user .*pid=(\d+)/.exec(server.log())?.[1] ?? server.child.pid)
}

/** A Node.js that cannot change its user, like Debian's Node.js 20. */
function fixedUserNode(t: Test): string {
  const directory = t.testdir({
    'fixed-user.mjs': `process.setgroups = process.setgid = process.setuid = () => {
      throw Object.assign(new Error('setgroups() disabled: io_uring may be enabled.'), { code: 'ERR_INVALID_STATE' })
    }`,
  })
  const node = join(directory, 'node')
  writeFileSync(node, `#!/bin/sh\nexec '${process.execPath}' --import '${directory}/fixed-user.mjs' "$@"\n`, {
    mode: 0o755,
  })
  return node
}

const NODES = [
  { what: '', skip, nodeOf: () => undefined },
  { what: ', when Node cannot change its user', skip, nodeOf: fixedUserNode },
]

for (const { what, skip, nodeOf } of NODES) {
  t.test(`-uid: runs the program and its children as that user, with its groups only${what}`, { skip }, async (t) => {
    const node = nodeOf(t)
    for (const user of ['nobody', String(idOf('-u'))]) {
      const token = uniqueToken()
      const line = `id -un; id -gn; : ${token}; exec sleep 1000`
      const server = await startServer(t, ['-uid', user, '-frame-bytes', '1', '-exec', line], { node })
      const listener = listen(t, server.port)
      const [uid, gid] = [idOf('-u'), idOf('-g')]
      await server.logged(/source opened/)
      t.strictSame(usersOf(programOf(server)), [uid, uid, uid, uid])
      t.strictSame(groupsOf(programOf(server)), [gid])
      const group = execFileSync('id', ['-gn', 'nobody']).toString()
      t.equal((await listener.bodyHas(7 + group.length)).toString(), `nobody\n${group}`)
      const others = processesWith(token).filter((pid) => pid !== server.child.pid)
      for (const pid of others) t.strictSame(usersOf(pid), [uid, uid, uid, uid])
      server.child.kill()
      t.equal(await server.exited, 0)
      t.equal(server.count(/shutdown started signal=SIGTERM/), 1)
      await untilGone(token)
    }
  })

  t.test(`-uid: runs hooks as that user${what}`, { skip }, async (t) => {
    const hook = 'id -u >&2; exit 1'
    const server = await startServer(t, ['-uid', 'nobody', '-demo', '-on-start', hook], { node: nodeOf(t) })
    t.match(await server.logged(/hook failed/), new RegExp(`stderr=${idOf('-u')}`))
  })

  t.test(`-uid: binds a privileged port before it drops its rights${what}`, { skip }, async (t) => {
    const server = await startAtLowPort(t, ['-uid', 'nobody', '-exec', 'echo x'], nodeOf(t))
    t.ok(server.port < 1024)
    t.equal(usersOf(programOf(server))[1], idOf('-u'))
  })
}

t.test('-uid: ends when the process that started it is killed', { skip }, async (t) => {
  const token = uniqueToken()
  const node = fixedUserNode(t)
  const server = await startServer(t, ['-uid', 'nobody', '-exec', `sleep 1000; : ${token}`], { node })
  server.child.kill('SIGKILL')
  await untilGone(token)
})

t.test('-uid: names what is missing when neither Node nor setpriv can change the user', { skip }, async (t) => {
  const node = fixedUserNode(t)
  const bin = join(dirname(node), 'bin')
  mkdirSync(bin)
  for (const name of ['env', 'id', 'sh']) symlinkSync(execFileSync('which', [name]).toString().trim(), join(bin, name))
  const args = [MAIN, '-uid', 'nobody', '-demo', '-address', '127.0.0.1:0']
  const { status, stderr } = spawnSync(node, args, { encoding: 'utf8', env: { ...plainEnvironment(), PATH: bin } })
  t.equal(status, 1)
  t.match(
    stderr,
    /^streamserve: -uid nobody: this Node\.js v\S+ cannot change its user, .*setpriv .* is not installed; .*\n$/,
  )
})

/** Starts a streamserve at a port below 1024; retries, because ports may be in use. */
async function startAtLowPort(t: Test, flags: readonly string[], node: string | undefined): Promise<Server> {
  for (let tries = 0; tries < 20; tries++) {
    const port = randomInt(600, 1024)
    const server = await startServer(t, ['-address', `127.0.0.1:${port}`, ...flags], { node }).catch(() => undefined)
    if (server !== undefined) return server
  }
  throw new Error('no port below 1024 is free')
}

t.test('-uid: the source cannot read files that the user cannot read', { skip }, async (t) => {
  const directory = t.testdir({ file: 'secret' })
  chmodSync(`${directory}/file`, 0o600)
  const flags = ['-uid', 'nobody', '-path', `${directory}/file`]
  if (cannotChangeUser()) {
    // Restarted as this user, the program cannot even stat the file.
    const { code, stderr } = await run(['-address', '127.0.0.1:0', ...flags])
    t.match({ code, stderr }, { code: 1, stderr: /is not readable by this user/ })
    return
  }
  const server = await startServer(t, flags)
  listen(t, server.port)
  t.match(await server.logged(/source closed/), 'is not readable by this user')
})

t.test('-uid: refuses an unknown user in one line', { skip: needs('id') }, async (t) => {
  for (const user of ['no-such-user-here', '123456789']) {
    const { code, stderr } = await run(['-address', '127.0.0.1:0', '-uid', user, '-exec', 'echo x'])
    t.equal(code, 1)
    t.equal(stderr, `streamserve: -uid ${user}: no such user; useradd --system creates one\n`)
  }
})

t.test('-uid: reports that the user lacks the right to become another one', { skip }, async (t) => {
  const flags = ['-address', '127.0.0.1:0', '-uid', 'root', '-exec', 'echo x']
  const asNobody = ['--reuid', 'nobody', '--clear-groups', ...PLAIN_NODE, MAIN, ...flags]
  const { status, stderr } = spawnSync('setpriv', asNobody, { encoding: 'utf8', env: plainEnvironment() })
  t.equal(status, 1)
  t.match(stderr, /^streamserve: -uid root: cannot change to this user: .+\n$/)
})
