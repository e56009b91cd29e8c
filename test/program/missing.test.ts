import { chmodSync, mkdirSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import t, { type Test } from 'tap'
import { parseCommandLine } from '../../src/config/command-line.ts'
import { answerToCheck } from '../../src/program/doubts.ts'
import { configFiles } from '../config/file/config-files.ts'
import { makeFifo } from '../fifos.ts'
import { needs } from '../programs.ts'
import { run, startServer } from '../streamserve.ts'

/** Warnings of `-check`. */
async function warningsOf(t: Test, ...flags: string[]): Promise<string[]> {
  const request = parseCommandLine(['-check', ...flags])
  if (request.kind !== 'check') throw new Error(`asks for ${request.kind}`)
  const [first, ...warnings] = (await answerToCheck(request)).split('\n')
  const count = warnings.length === 1 ? 'one warning' : `${warnings.length} warnings`
  t.equal(first, `the command line ${warnings.length === 0 ? 'has no errors' : `has no errors, and ${count}:`}`)
  return warnings.map((line) => line.trim())
}

function noProgram(name: string, flag = 'exec'): string {
  return `-${flag}: no program ${name} in the PATH of this process`
}

t.test('-check names a missing program', async (t) => {
  t.strictSame(await warningsOf(t, '-exec', 'no-such-program', '-f'), [noProgram('no-such-program')])
  t.strictSame(await warningsOf(t, '-exec', 'cat x | no-such-encoder - -'), [noProgram('no-such-encoder')])
  t.strictSame(await warningsOf(t, '-exec', 'no-such-program $HOME; sleep 1'), [noProgram('no-such-program')])
  t.strictSame(await warningsOf(t, '-exec', 'sh', '-c', 'no-such-program | cat'), [noProgram('no-such-program')])
  const folder = t.testdir({ program: '#!/bin/sh\n', folder: {} })
  for (const path of [join(folder, 'nothing'), join(folder, 'program'), join(folder, 'folder')])
    t.strictSame(await warningsOf(t, '-exec', path), [`-exec: no program ${path} that this user can run`])
  chmodSync(join(folder, 'program'), 0o755)
  t.strictSame(await warningsOf(t, '-exec', join(folder, 'program')), [])
})

t.test('-check names the missing program of a hook', async (t) => {
  t.strictSame(await warningsOf(t, '-demo', '-on-start', 'no-such-program'), [noProgram('no-such-program', 'on-start')])
  t.strictSame(await warningsOf(t, '-demo', '-on-title', 'no-such-program now'), [
    noProgram('no-such-program', 'on-title'),
  ])
  t.strictSame(await warningsOf(t, '-demo', '-on-title', 'http://127.0.0.1/'), [])
})

t.test('-check names a folder in which recordings cannot be made', async (t) => {
  const folder = t.testdir({ file: '' })
  t.strictSame(await warningsOf(t, '-demo', '-record', join(folder, 'not', 'made/%F', '%H.wav')), [])
  const pattern = join(folder, 'file', '%F.wav')
  t.strictSame(await warningsOf(t, '-demo', '-record', pattern), [
    `-record ${pattern}: ${join(folder, 'file')} is not a folder`,
  ])
})

t.test('-check accepts commands that only the shell knows', async (t) => {
  for (const line of [
    'while :; do cat x; done',
    'exec cat x | { cat; }',
    'cd /tmp && cat x',
    'X=1 cat x',
    '$PLAYER x | cat',
    'f() { cat x; }; f',
    '( cat x )',
  ])
    t.strictSame(await warningsOf(t, '-exec', line), [])
})

t.test('-check names missing files and directories', { skip: needs('mkfifo') }, async (t) => {
  const folder = t.testdir({ file: '', streams: { file: '' } })
  const nowhere = join(folder, 'nowhere')
  const missing = (flag: string) => `-${flag} ${nowhere}: no such file or directory`
  const streams = join(folder, 'streams')
  t.strictSame(await warningsOf(t, '-path', nowhere), [missing('path')])
  t.strictSame(await warningsOf(t, '-play', join(folder, 'file'), nowhere), [missing('play')])
  t.strictSame(await warningsOf(t, '-demo', '-title-file', nowhere), [missing('title-file')])
  for (const flag of ['listen-users', 'ban', 'admin-users'])
    t.strictSame(await warningsOf(t, '-demo', `-${flag}`, nowhere), [missing(flag)])
  t.strictSame(await warningsOf(t, '-publish', '-publish-users', nowhere), [missing('publish-users')])
  t.strictSame(await warningsOf(t, '-demo', '-tls-cert', nowhere, '-tls-key', nowhere), [
    missing('tls-cert'),
    missing('tls-key'),
  ])
  t.strictSame(await warningsOf(t, '-exec', 'cat', '-', '-title-file', nowhere), [
    '-title-file after -exec is passed to cat: put it before -exec, or quote the command',
  ])
  t.strictSame(await warningsOf(t, '-path', streams), [`-path ${streams}: no FIFO in this directory`])
  makeFifo(streams, 'radio')
  for (const path of [streams, join(streams, 'radio'), join(folder, 'file'), '/dev/stdin'])
    t.strictSame(await warningsOf(t, '-path', path), [])
})

t.test('-check names missing files in a configuration file too', async (t) => {
  const file = configFiles(t)('exec no-such-program | cat\ntitle-file /nowhere\n')
  const { code, stdout } = await run(['-check', '-config', file])
  t.equal(code, 0)
  t.strictSame(stdout.split('\n').slice(0, -1), [
    `${file} has no errors, and 2 warnings:`,
    '  -exec: no program no-such-program in the PATH of this process',
    '  -title-file /nowhere: no such file or directory',
  ])
})

t.test('logs missing files as a warning at launch and after a reload', async (t) => {
  const folder = t.testdir({})
  mkdirSync(join(folder, 'streams'))
  const server = await startServer(t, ['-path', join(folder, 'streams'), '-title-file', join(folder, 'title')])
  t.match(await server.logged(/possible mistake.*no FIFO/), ' WARNING possible mistake found problem="-path ')
  t.match(await server.logged(/possible mistake.*title-file/), 'no such file')
  const file = join(folder, 'conf')
  writeFileSync(file, 'demo\n')
  const reloaded = await startServer(t, ['-config', file])
  writeFileSync(file, 'exec no-such-program -x\n')
  reloaded.child.kill('SIGHUP')
  t.match(await reloaded.logged(/possible mistake/), 'no program')
})

t.test('logs a flag behind -exec by name at launch', async (t) => {
  const server = await startServer(t, ['-exec', 'cat', '/dev/null', '-address', ':8080'])
  t.match(
    await server.logged(/possible mistake/),
    'problem="-address after -exec is passed to cat: put it before -exec, or quote the command"',
  )
})
