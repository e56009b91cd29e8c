import { spawnSync } from 'node:child_process'
import { createHash } from 'node:crypto'
import { mkdirSync, mkdtempSync, readdirSync, readFileSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { basename, join, relative } from 'node:path'
import { fileURLToPath } from 'node:url'
import t from 'tap'
import { copyProject } from '../copy-project.ts'
import { needs, runProgram } from '../programs.ts'
import { dependenciesOf, packagesIn, placeOf } from './npm-packages.ts'

const PROJECT = fileURLToPath(new URL('../../..', import.meta.url))
const UTF8 = { encoding: 'utf8' } as const
const BUILDING = ['dpkg-deb', 'npm', 'strip']

/** Prints the base name of the file to which the package is written. */
const REPORTING =
  '#!/bin/sh\nfor word do file=$word; done\necho "written as ${file##*/}" >&2\nPATH=${PATH#*:} exec dpkg-deb "$@"\n'

/**
 * Builds as fast as possible, in an environment that must not affect a build.
 * @returns the package, and the lines of standard error
 */
function build(project: string, folder: string, umask: string): { file: string; steps: string[] } {
  mkdirSync(folder)
  const bin = mkdtempSync(join(tmpdir(), 'streamserve-'))
  writeFileSync(join(bin, 'dpkg-deb'), REPORTING, { mode: 0o755 })
  const fast = ['DPKG_DEB_COMPRESSOR_TYPE=gzip', 'DPKG_DEB_COMPRESSOR_LEVEL=1', 'SOURCE_DATE_EPOCH=1700000000']
  const command = `umask ${umask} && cd '${project}' && exec deb/build.sh '' '${folder}'`
  const words = [...fast, `PATH=${bin}:${process.env['PATH']}`, 'sh', '-c', command]
  const { status, stdout, stderr } = spawnSync('env', words, { encoding: 'utf8' })
  if (status !== 0) throw new Error(`build.sh exits with ${status}: ${stderr}`)
  return { file: stdout.trim(), steps: stderr.split('\n') }
}

// Two builds, on a machine that may be under load.
t.setTimeout(900_000)

t.test('the package', { skip: needs(...BUILDING) }, async (t) => {
  const folder = t.testdir()
  const { file, steps } = build(PROJECT, join(folder, 'first'), '022')
  const root = join(folder, 'root')
  runProgram('dpkg-deb', ['--extract', file, root])
  const streamserve = (...args: string[]) =>
    runProgram(join(root, 'usr/libexec/streamserve/node'), [
      join(root, 'usr/lib/streamserve/dist/program/main.js'),
      ...args,
    ]).toString()

  t.test('is the same, byte for byte, for any user, place and time of the build', async (t) => {
    const again = build(copyProject(t, PROJECT), join(folder, 'second'), '077').file
    const [first, second] = [file, again].map((name) => createHash('sha256').update(readFileSync(name)).digest('hex'))
    t.equal(first, second)
  })

  t.test('has its name only when it is complete, and its steps are reported', async (t) => {
    t.strictSame(readdirSync(join(folder, 'first')), [basename(file)])
    t.ok(steps.includes(`written as ${basename(file)}.part`), steps.join('\n'))
    t.ok(steps.filter((line) => line.startsWith(`${basename(file, '.deb')}: `)).length >= 4)
  })

  t.test('names the next command when it is installed', async (t) => {
    const unpacked = join(folder, 'control')
    runProgram('dpkg-deb', ['--control', file, unpacked])
    t.match(readFileSync(join(unpacked, 'postinst'), 'utf8'), 'systemctl enable --now streamserve@main')
  })

  t.test('runs with the Node that is in it', async (t) => {
    const { version } = JSON.parse(readFileSync(join(PROJECT, 'package.json'), 'utf8')) as { version: string }
    t.equal(streamserve('-version'), `streamserve ${version}\n`)
  })

  t.test('has a valid configuration, and valid examples', async (t) => {
    const examples = join(root, 'usr/share/doc/streamserve/examples')
    for (const path of [join(root, 'etc/streamserve/main.conf'), join(examples, 'station.conf')]) {
      t.match(streamserve('-check', '-config', path), /has no errors/)
    }
  })

  t.test('lists all that it ships, with licences', async (t) => {
    const copyright = readFileSync(join(root, 'usr/share/doc/streamserve/copyright'), 'utf8')
    const named = [...copyright.matchAll(/(usr\/share\/streamserve\/\S+)\/\*$/gm)].map(([, path = '']) => path)
    const shipped = packagesIn(join(root, 'usr/share/streamserve')).map((path) => relative(root, path))
    t.strictSame(new Set(named), new Set(shipped))
    t.match(copyright, /node_modules\/codec-parser\/\*\n.*\nLicense: LGPL-3\+/)
  })

  t.test('has all packages that it or one of them requires', async (t) => {
    const askers = [join(root, 'usr/lib/streamserve'), ...packagesIn(join(root, 'usr/share/streamserve'))]
    for (const asker of askers) {
      for (const name of dependenciesOf(asker))
        t.ok(placeOf(name, asker).startsWith(root), `${name}, for ${relative(root, asker)}`)
    }
  })

  t.test('can load them from their places', async (t) => {
    const folder = join(root, 'usr/lib/streamserve')
    const script = dependenciesOf(folder)
      .map((name) => `await import('${name}')`)
      .join(';')
    const node = join(root, 'usr/libexec/streamserve/node')
    t.doesNotThrow(() => runProgram('env', ['-C', folder, node, '--input-type=module', '-e', script]))
  })

  t.test('overrides lintian in five cases only', async (t) => {
    const overrides = readFileSync(join(root, 'usr/share/lintian/overrides/streamserve'), 'utf8')
    t.equal(overrides.match(/^streamserve: /gm)?.length, 5)
  })

  t.test('has a manual page and completions', async (t) => {
    const page = runProgram('gzip', ['-dc', join(root, 'usr/share/man/man1/streamserve.1.gz')]).toString()
    t.match(page, /^\.TH STREAMSERVE 1/)
    t.match(readFileSync(join(root, 'usr/share/bash-completion/completions/streamserve'), 'utf8'), /complete /)
    t.match(readFileSync(join(root, 'usr/share/zsh/vendor-completions/_streamserve'), 'utf8'), /^#compdef streamserve/)
  })

  t.test('has a rotation of access logs that logrotate accepts', { skip: needs('logrotate') }, async (t) => {
    const config = join(root, 'etc/logrotate.d/streamserve')
    const { status, stderr } = spawnSync('logrotate', ['--debug', '--state', join(folder, 'state'), config], UTF8)
    t.equal(status, 0)
    t.notMatch(stderr, /^error:/m)
  })

  t.test('has a service that systemd accepts and rates as safe', { skip: needs('systemd-analyze') }, async (t) => {
    const units = join(root, 'usr/lib/systemd/system')
    const instance = join(units, 'streamserve@.service')
    const security = ['security', '--offline=yes', '--threshold=20', '--no-pager', instance]
    t.match(runProgram('systemd-analyze', security).toString(), /exposure level .* [01]\.\d|exposure level .* 2\.0/)
  })
})
