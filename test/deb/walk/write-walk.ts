/**
 * `node dist/test/deb/walk/write-walk.js FOLDER`: writes the walk of a newcomer, made of the commands of README.md and of
 * docs/raspberry-pi.md, as three scripts: `install.sh` for a Debian with a network that is not booted, `first.sh` and `second.sh`
 * for two boots of it. Each command is a step that must succeed.
 */
import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { type Block, blocksOf, nameOf } from '../../docs/blocks.ts'
import { kindOf } from '../../docs/kinds.ts'

/** Commands that are not part of the walk, and the reason. */
const LEFT_OUT: readonly RegExp[] = [
  // The clone of README.md needs the project: test/bare/inside.sh.
  /^(git clone|npm) /,
  // Recipes of README.md: test/docs/commands.test.ts.
  /^streamserve -address /,
  // Another machine: the package is in the home directory already.
  /^(scp|ssh) /,
  // Needs a sound card that the kernel knows.
  /^arecord -l/,
]
/** Commands for the packages of the system, which need a network. */
const INSTALLS = /^(sudo )?apt /
/** The end of the first boot, which ends it by itself. */
const REBOOT = 'sudo systemctl reboot'

const commandsOf = ({ text }: Block) =>
  text.split('\n').filter((line) => line !== '' && !LEFT_OUT.some((each) => each.test(line)))

/** A step, or a file, of the walk as lines of a shell. */
function stepsOf(page: string): string[] {
  return blocksOf(page).flatMap((block) => {
    if (nameOf(block).startsWith('/etc/streamserve/')) return [`cat >'${nameOf(block)}' <<'END'\n${block.text}END`]
    return kindOf(block) === 'commands' ? commandsOf(block) : []
  })
}

const quoted = (text: string) => `'${text.replaceAll("'", `'\\''`)}'`
const step = (page: string) => (line: string) =>
  line.startsWith('cat >') ? line : `step ${quoted(`${page}: ${line}`)} ${quoted(line)}`

const BEGIN = ['# shellcheck shell=bash', '. /trial/walk.sh']
const END = ['echo "1..$count"', '']

const readme = stepsOf('README.md')
const pi = stepsOf('docs/raspberry-pi.md')
const reboot = pi.indexOf(REBOOT)
if (reboot < 0) throw new Error(`docs/raspberry-pi.md has no ${REBOOT}`)
const ofReadme = readme.map(step('README.md'))
const before = pi.slice(0, reboot).map(step('docs/raspberry-pi.md'))
const after = pi.slice(reboot + 1).map(step('docs/raspberry-pi.md'))
const installs = (line: string) => INSTALLS.test(/: ((?:sudo )?\w+ )/.exec(line)?.[1] ?? '')
const scripts = {
  'install.sh': [...ofReadme, ...before].filter(installs),
  'first.sh': [
    ...ofReadme.filter((line) => !installs(line)),
    "check 'README.md: port 8000 plays the melody' hears http://localhost:8000/ 300000",
    // The walk of README.md ends here; that of the other page begins with a system on which nothing runs.
    'systemctl disable --now streamserve@main',
    ...before.filter((line) => !installs(line)),
    "check 'docs/raspberry-pi.md: the file has five seconds of sound' has_sound",
  ],
  // After a boot, a service takes a moment.
  'second.sh': [
    'retrying=eventually',
    ...after,
    "check 'docs/raspberry-pi.md: the file has five seconds of sound after the restart' has_sound",
  ],
}
const [, , folder = '.'] = process.argv
for (const [name, lines] of Object.entries(scripts))
  writeFileSync(join(folder, name), [...BEGIN, ...lines, ...END].join('\n'))
