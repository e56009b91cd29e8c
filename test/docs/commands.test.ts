/**
 * Tries each block of the documentation: commands are run in their order, page by page, station files are checked, units and
 * tables are read by the programs that they are for. What is not tried here is listed with the reason or the test that does.
 */
import { spawnSync } from 'node:child_process'
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import t from 'tap'
import { parse } from 'tap-yaml'
import { EVENT_TABLE } from '../../src/events/event-table.ts'
import { programPlan } from '../plans.ts'
import { needs } from '../programs.ts'
import type { Server } from '../streamserve.ts'
import { type Block, blocksOf, nameOf } from './blocks.ts'
import { ELSEWHERE, type Kind, kindOf } from './kinds.ts'
import { PROJECT, pages } from './pages.ts'
import { hearAll, runCommand } from './run-commands.ts'
import { makeSandbox } from './sandbox.ts'

t.setTimeout(280_000)
// Most of their time is spent on waiting for real time.
t.jobs = 3

/** Commands that no sandbox can run, and the reason. */
const NOT_RUN: ReadonlyMap<RegExp, string> = new Map([
  [
    /^git clone/,
    'the address of the project is not in the documentation; test/program/npm-start.test.ts starts a copy',
  ],
  [/^npm /, 'test/program/npm-start.test.ts runs npm start, this run is npm test, test/deb/full.sh runs npm run deb'],
  [/^(sudo )?(apt|systemctl|journalctl) /, 'changes the system; test/deb/walk runs them in a Debian of their own'],
  [
    /^(sudo )?(dnf|zypper|podman|sha256sum|tar -xf|cp \/usr\/share)|^\.\/streamserve-/,
    'needs the packages; test/packages/full.sh tries them',
  ],
  [/^(ssh|scp) /, 'needs a second machine'],
  [/^(sudo )?(dnf|cp) /, 'changes the system; test/packages installs the rpm'],
  [/^(tar|sha256sum|podman|\.\/streamserve-\S+) /, 'needs the packages; test/packages builds and starts them'],
  [/^(arecord -l|alsamixer)/, 'lists devices, which a machine for tests does not have'],
  [/^goaccess /, 'test/access-log/tools.test.ts runs it'],
  [/^curl .*(from=2026-05-31|ago=90s)/, 'a sandbox has not been on the air for so long'],
])

/** Servers that a page takes for granted. */
const GIVEN: Readonly<Record<string, string>> = {
  'docs/administrator.md': 'streamserve -config radio.conf -admin-password secret',
  'docs/events.md': 'streamserve -address :8080 -demo',
}

/** Replacements for what only a person or a device has. */
const REPLACED: readonly (readonly [string, string])[] = [
  ['rtsp://camera/stream', 'jingle.flac'],
  ['-u admin ', '-u admin:secret '],
  ['htpasswd -B -c /etc/streamserve/members anna', 'htpasswd -B -b -c /etc/streamserve/members anna secret'],
]

const all = [...pages.keys()].flatMap(blocksOf)
const ofKind = (kind: Kind) => all.filter((block) => kindOf(block) === kind)
const place = ({ page, line }: Block) => `${page}:${line}`

/** Returns the commands of a block, each in one line and without a comment behind it. */
function commandsOf(block: Block): string[] {
  const lines = block.text.replaceAll(/\\\n\s*/g, '').split('\n')
  return lines.map((line) => line.replace(/ +# .*$/, '')).filter((line) => line !== '')
}

t.test('each block of code is of a kind that a test tries', async (t) => {
  for (const block of all) t.ok(kindOf(block), `${place(block)}: ${block.text}`)
})

t.test('blocks that other tests try are named there', async (t) => {
  const used = new Set(ofKind('elsewhere').map((block) => nameOf(block) || /^\w+/.exec(block.text)?.[0]))
  for (const [name, test] of ELSEWHERE) {
    t.ok(used.has(name), name)
    t.match(readFileSync(`${PROJECT}test/${test}`, 'utf8'), `'${name}'`, test)
  }
})

t.test('each command that is not run is in the documentation', async (t) => {
  const commands = ofKind('commands').flatMap(commandsOf)
  for (const [pattern] of NOT_RUN)
    t.ok(
      commands.some((command) => pattern.test(command)),
      String(pattern),
    )
  for (const [text] of REPLACED)
    t.ok(
      commands.some((command) => command.includes(text)),
      text,
    )
})

t.test('station files have no errors', async (t) => {
  const folder = t.testdir({ secret: 'a secret\n' })
  const file = join(folder, 'main.conf')
  for (const block of ofKind('station file')) {
    const text = block.text.replaceAll(/(?<= file:)\S+/g, join(folder, 'secret'))
    // A part of a file has no source.
    const isPart = !/^(\[\/|exec|demo|play|path|relay|publish)/m.test(text)
    writeFileSync(file, isPart ? `demo\n${text}` : text)
    t.doesNotThrow(() => programPlan('-config', file), place(block))
  }
})

/** Replaces the program, which is not installed here, in a unit. */
function runnable(unit: string): string {
  return unit.replaceAll(/^(ExecStart|ExecReload)=.*/gm, '$1=/bin/true')
}

t.test('systemd accepts units and drop-ins', { skip: needs('systemd-analyze') }, async (t) => {
  const folder = t.testdir()
  const service = join(folder, 'streamserve@main.service')
  writeFileSync(service, runnable(readFileSync(`${PROJECT}deb/files/streamserve@.service`, 'utf8')))
  mkdirSync(`${service}.d`)
  for (const block of ofKind('unit')) {
    const [, name] = /^\/etc\/systemd\/system\/(.*)$/.exec(nameOf(block)) ?? []
    const unit = name === undefined ? service : join(folder, name)
    writeFileSync(name === undefined ? join(`${service}.d`, 'own.conf') : unit, runnable(block.text))
    const verify = ['verify', '--man=no', '--recursive-errors=no', unit]
    const env = { ...process.env, SYSTEMD_UNIT_PATH: `${folder}:` }
    t.equal(spawnSync('systemd-analyze', verify, { encoding: 'utf8', env }).stderr, '', place(block))
  }
})

t.test('lines of cron have a time, a user and a command', async (t) => {
  for (const block of ofKind('cron')) {
    for (const line of commandsOf(block).filter((each) => !each.startsWith('#'))) {
      const [, command = ''] = /^(?:[\d*/]+ ){5}(?:root|nobody) (.*)$/.exec(line) ?? []
      t.match(command, /^systemctl (start|stop) streamserve@\w+$|^report=\$\(streamserve -probe /, place(block))
      t.equal(spawnSync('sh', ['-n', '-c', command]).status, 0)
    }
  }
})

t.test('files of containers can be read', async (t) => {
  for (const block of ofKind('yaml')) t.type(parse(block.text), 'object', place(block))
  for (const block of ofKind('dockerfile'))
    for (const line of commandsOf(block)) t.match(line, /^(FROM|COPY|RUN|USER|ENTRYPOINT) \S/, place(block))
})

t.test('events are objects with the documented fields', async (t) => {
  for (const block of ofKind('events')) {
    const { event, stream, time, id, ...fields } = JSON.parse(block.text) as Record<string, unknown>
    t.ok(stream !== undefined && time !== undefined && id !== undefined)
    t.strictSame(Object.keys(fields), Object.keys(EVENT_TABLE[event as keyof typeof EVENT_TABLE]), place(block))
  }
})

const skip = needs('ffmpeg', 'lame', 'arecord', 'curl', 'mpv', 'htpasswd', 'openssl', 'mkfifo')
for (const page of pages.keys()) {
  const blocks = ofKind('commands').filter((block) => block.page === page)
  const isRun = (command: string) => ![...NOT_RUN.keys()].some((pattern) => pattern.test(command))
  if (!blocks.some((block) => commandsOf(block).some(isRun))) continue
  t.test(`the commands of ${page}`, { skip, buffered: true }, async (t) => {
    const sandbox = makeSandbox(t)
    const servers = new Map<string, Server>()
    const given = GIVEN[page]
    if (given !== undefined) await runCommand(t, sandbox, servers, given)
    for (const block of blocks) {
      const before = new Set(servers.values())
      for (const command of commandsOf(block).filter(isRun)) {
        const line = REPLACED.reduce((text, [from, to]) => text.replace(from, to), command)
        await runCommand(t, sandbox, servers, line)
      }
      await Promise.all(
        [...servers.values()].filter((server) => !before.has(server)).map((server) => hearAll(t, server)),
      )
    }
  })
}
