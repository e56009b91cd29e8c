import { spawn, spawnSync } from 'node:child_process'
import { once } from 'node:events'
import { chmodSync, cpSync, existsSync, mkdtempSync, readFileSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import t, { type Test } from 'tap'
import { parseCommandLine } from '../../src/config/command-line.ts'
import { listen } from '../client.ts'
import { until } from '../processes.ts'
import { needs, runProgram } from '../programs.ts'
import { plainEnvironment, run, startServer } from '../streamserve.ts'
import { blockOfDocs, blocksOf } from './blocks.ts'
import { withFlagTable } from './flag-table.ts'
import { pageOf } from './pages.ts'

t.test('the filter in the documentation works as it stands', async (t) => {
  const file = join(mkdtempSync(join(tmpdir(), 'streamserve-')), 'lines.mjs')
  writeFileSync(file, blockOfDocs('lines.js'))
  const script = "printf 'one\\ntw'; sleep 0.1; printf 'o\\nthree\\nhalf'"
  const server = await startServer(t, ['-frame-filter', file, '-reopen=false', '-exec', script])
  const client = listen(t, server.port)
  t.match(await client.headCame(), /content-type: text\/plain; charset=utf-8/i)
  t.equal((await client.closed).toString(), 'one\ntwo\nthree\n', 'whole lines only')
})

t.test('the short form of a command encodes like the long one', async (t) => {
  const [long, short, ...others] = [
    ...pageOf('sound-card').matchAll(/curl -sS http:\/\/HOST:8080\/ \| (lame [^'"]+)/g),
  ].map(([, lame]) => lame)
  t.match(long, /^lame -r .*- -$/)
  t.equal(short, long)
  t.strictSame(others, [])
})

t.test('the table of flags is the one that is made from the options', async (t) => {
  const page = pageOf('flags')
  t.equal(withFlagTable(page), page, 'node dist/test/docs/write-flag-table.js renews it')
})

/** Returns the settings of a program in the table of publishers. */
function settingsOf(program: string): string {
  return new RegExp(`^\\| ${program} \\| .*?\`([^\`]*)\` \\|$`, 'm').exec(pageOf('publishers'))?.[1] ?? ''
}

t.test('programs publish with the documented settings', { skip: needs('ffmpeg', 'liquidsoap') }, async (t) => {
  const folder = t.testdir()
  const conf = join(folder, 'studio.conf')
  writeFileSync(conf, blockOfDocs('studio.conf').replaceAll(/^address .*\n/gm, ''))
  const server = await startServer(t, ['-config', conf])
  const here = (text: string) => text.replace('HOST:8000', `127.0.0.1:${server.port}`).replace('HOST', '127.0.0.1')
  const ffmpeg = here(settingsOf('ffmpeg')).replace('-i jingle.flac', '-v error -f lavfi -i sine').split(' ')
  startFeeder(t, ffmpeg)
  await listen(t, server.port, '/dj').bodyHas(10_000)
  t.match(await server.logged(/publisher connected/), /user=source agent=Lavf/)
  const script = join(folder, 'radio.liq')
  const output = here(settingsOf('liquidsoap')).replace('port=8000', `port=${server.port}`).replace('/dj', '/guests/me')
  writeFileSync(script, `settings.init.allow_root.set(true)\nradio = sine()\n${output}\n`)
  startFeeder(t, ['liquidsoap', script])
  await server.logged(/publisher connected .*agent="?Liquidsoap/)
  await listen(t, server.port, '/guests/me').bodyHas(10_000)
})

t.test('a hook converts and uploads a recording', { skip: needs('lame', 'ffmpeg', 'setsid') }, async (t) => {
  const folder = t.testdir({ 'to-website': blockOfDocs('/usr/local/bin/to-website') })
  writeFileSync(join(folder, 'rclone'), '#!/bin/sh\necho "$@" >"$2.part" && mv "$2.part" "$2.uploaded"\n')
  for (const name of ['to-website', 'rclone']) chmodSync(join(folder, name), 0o755)
  const file = join(folder, '10.wav')
  runProgram('ffmpeg', ['-v', 'error', '-f', 'lavfi', '-i', 'sine=duration=1', file])
  const env = { ...plainEnvironment(), PATH: `${folder}:${process.env['PATH']}`, STREAMSERVE_FILE: file }
  t.equal(spawnSync(join(folder, 'to-website'), { env }).status, 0)
  await until('the file is uploaded', () => existsSync(`${file}.mp3.uploaded`))
  t.equal(readFileSync(`${file}.mp3.uploaded`, 'utf8'), `copy ${file}.mp3 web:recordings\n`)
})

/** Returns the words that begin the lines of a report. */
function labelsOf(text: string): (string | undefined)[] {
  return Array.from(text.matchAll(/^ {2}([a-z]+) /gm), ([, label]) => label)
}

t.test('the probe prints the documented report', async (t) => {
  const block = blocksOf('docs/monitoring.md').find(({ text }) => text.split(':')[0] === 'good')
  const server = await startServer(t, ['-demo'])
  const { stdout } = await run(['-probe', `${server.url}/`, '-for', '2s'])
  const documented = labelsOf(block?.text ?? '')
  // A busy machine may be too slow for a good stream, whose report then has further lines.
  t.strictSame(
    labelsOf(stdout).filter((label) => documented.includes(label)),
    documented,
    stdout,
  )
})

t.test('Nagios starts a probe', async (t) => {
  const [, line = ''] = /command_line +\S+ (.*)/.exec(blockOfDocs('/etc/nagios4/conf.d/streamserve.cfg')) ?? []
  t.equal(parseCommandLine(line.replace('$ARG1$', 'http://localhost:8080/').split(' ')).kind, 'probe')
})

t.test('fail2ban reads the jail', { skip: needs('fail2ban-client') }, async (t) => {
  const folder = join(t.testdir(), 'fail2ban')
  cpSync('/etc/fail2ban', folder, { recursive: true })
  for (const name of ['/etc/fail2ban/filter.d/streamserve.conf', '/etc/fail2ban/jail.d/streamserve.conf'])
    writeFileSync(join(folder, '..', name.replace('/etc/', '')), blockOfDocs(name))
  const jail = runProgram('fail2ban-client', ['-c', folder, '-d']).toString()
  t.match(jail, "['set', 'streamserve', 'maxretry', 20]")
  t.match(jail, "['start', 'streamserve']")
})

t.test('Prometheus reads the configuration of a scrape', { skip: needs('promtool') }, async (t) => {
  const block = blocksOf('docs/metrics.md').find(({ text }) => text.startsWith('scrape_configs'))
  const file = join(t.testdir({ 'prometheus.yml': block?.text ?? '' }), 'prometheus.yml')
  t.match(runProgram('promtool', ['check', 'config', file]).toString(), 'SUCCESS')
})

/** Starts a program, which is ended with the test. */
function startFeeder(t: Test, [program = '', ...args]: readonly string[]): void {
  const child = spawn(program, args, { stdio: 'ignore', env: plainEnvironment() })
  const exited = once(child, 'exit')
  t.teardown(async () => {
    child.kill('SIGKILL')
    await exited
  })
}
