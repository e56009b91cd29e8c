/** A machine on which the commands of a page are run: its own home, files, sound card and ports. */
import { spawn, spawnSync } from 'node:child_process'
import { once } from 'node:events'
import { chmodSync, mkdirSync, mkdtempSync, writeFileSync } from 'node:fs'
import { rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import type { Test } from 'tap'
import { makeFifo } from '../fifos.ts'
import { runProgram } from '../programs.ts'
import { MAIN, PLAIN_NODE, plainEnvironment } from '../streamserve.ts'
import { blocksOf, nameOf } from './blocks.ts'
import { kindOf } from './kinds.ts'
import { pages } from './pages.ts'

/** Folders of the system that commands name; in a sandbox they are below its root. */
const SYSTEM_FOLDERS = /(?<=^|[\s'"=:>(])\/(?=(?:srv|tmp|etc|run|var)\/)/gm
const FEEDER = fileURLToPath(new URL('../sound/feed-sound-card.js', import.meta.url))

export interface Sandbox {
  /** The working directory of commands, and their home. */
  readonly home: string
  readonly env: NodeJS.ProcessEnv
  /** Ports at which servers listen, by those of the documentation. */
  readonly ports: Map<string, number>
  /** Ports of the documented station files, by the names of the files. */
  readonly stationPorts: ReadonlyMap<string, string>
  /** Returns text of a page with the files, ports and hosts of this sandbox. */
  readonly here: (text: string) => string
}

/** Makes a sandbox. It is removed with the test, and what plays in it ends. */
export function makeSandbox(t: Test): Sandbox {
  const root = mkdtempSync(join(tmpdir(), 'streamserve-page-'))
  t.teardown(() => rm(root, { recursive: true, force: true, maxRetries: 10 }))
  const home = join(root, 'home')
  const ports = new Map<string, number>()
  const stationPorts = new Map<string, string>()
  for (const folder of [
    'home/music',
    'home/.config/mpv',
    'bin',
    'srv/music',
    'tmp',
    'etc/streamserve',
    'run/towers',
    'var/log/streamserve/main',
    'var/lib',
  ])
    mkdirSync(join(root, folder), { recursive: true })
  const here = (text: string) =>
    text
      .replaceAll(SYSTEM_FOLDERS, `${root}/`)
      .replaceAll(
        /(?:HOST|localhost|127\.0\.0\.1|radio\.local):(\d{4})\b/g,
        (_, port: string) => `127.0.0.1:${ports.get(port) ?? port}`,
      )
  giveFiles(root, home)
  const blocks = [...pages.keys()].flatMap(blocksOf).filter((block) => kindOf(block) === 'station file')
  for (const block of blocks.filter((each) => nameOf(each).endsWith('.conf'))) {
    const [name, text] = [nameOf(block), here(block.text)]
    const file = name.startsWith('/') ? join(root, name) : join(home, name)
    stationPorts.set(here(name), /^address \S*:(\d+)/m.exec(text)?.[1] ?? '')
    writeFileSync(file, text.replaceAll(/^address .*\n/gm, ''))
  }
  const env = {
    ...plainEnvironment(),
    HOME: home,
    PATH: `${root}/bin:${process.env['PATH']}`,
    XDG_STATE_HOME: join(root, 'var/lib'),
    ...soundCard(t, root),
  }
  return { home, env, ports, stationPorts, here }
}

let mp3: Buffer | undefined
let flac: Buffer | undefined
let logo: Buffer | undefined

function tone(...format: readonly string[]): Buffer {
  return runProgram('ffmpeg', ['-v', 'error', '-f', 'lavfi', '-i', 'sine=frequency=440:duration=3', ...format, '-'])
}

/** Files that commands use, and stand-ins for programs that need a device. */
function giveFiles(root: string, home: string): void {
  mp3 ??= tone('-ac', '2', '-b:a', '128k', '-f', 'mp3')
  flac ??= tone('-f', 'flac')
  for (const folder of [join(home, 'music'), join(root, 'srv/music')]) writeFileSync(join(folder, 'tone.mp3'), mp3)
  writeFileSync(join(home, 'jingle.flac'), flac)
  logo ??= runProgram('ffmpeg', '-v error -f lavfi -i color=teal:s=64x64 -frames:v 1 -f apng -'.split(' '))
  writeFileSync(join(home, 'logo.png'), logo)
  writeFileSync(join(home, 'jingles.m3u'), 'music/tone.mp3\n')
  writeFileSync(join(home, '.config/mpv/mpv.conf'), 'ao=null\nvid=no\nlength=0.5\n')
  // A response with an error status is a failure.
  writeFileSync(join(home, '.curlrc'), 'fail\n')
  writeFileSync(join(root, 'etc/streamserve/hub'), 'edge-1:PASSWORD\n', { mode: 0o600 })
  writeFileSync(join(root, 'etc/streamserve/admin'), 'secret\n', { mode: 0o600 })
  const command = (name: string, script: string) => {
    writeFileSync(join(root, 'bin', name), `#!/bin/sh\n${script}\n`)
    chmodSync(join(root, 'bin', name), 0o755)
  }
  command('streamserve', `exec ${PLAIN_NODE.join(' ')} '${MAIN}' "$@"`)
  // A receiver of software radio, which is in no package that tests install: it hears what the sound card does.
  command('rtl_fm', 'exec arecord -q -f S16_LE -r 8000 -t raw')
}

/** A sound card as in test/sound/sound-card.ts, which is fed again each time that a program opens it. */
function soundCard(t: Test, root: string): NodeJS.ProcessEnv {
  const fifo = makeFifo(root, 'microphone')
  const configuration = join(root, 'asound.conf')
  const card = `type file  slave.pcm "nul"  file "/dev/null"  infile "${fifo}"  format "raw"`
  writeFileSync(configuration, `pcm.!default { ${card} }\npcm.nul { type null }\n`)
  // It ends by itself when a test runner has killed this process.
  const loop = spawn('timeout', ['400', 'sh', '-c', `while :; do '${process.execPath}' '${FEEDER}' '${fifo}'; done`], {
    detached: true,
    stdio: ['ignore', 'ignore', 'inherit'],
    env: plainEnvironment(),
  })
  const exited = once(loop, 'exit')
  t.teardown(async () => {
    if (loop.pid !== undefined) process.kill(-loop.pid, 'SIGKILL')
    await exited
  })
  return { ALSA_CONFIG_PATH: `/usr/share/alsa/alsa.conf:${configuration}` }
}

/** Returns the words of a command, as a shell of the sandbox splits and expands them. */
export function wordsOf({ home, env }: Sandbox, command: string): string[] {
  const script = `set -- ${command}\nprintf '%s\\0' "$@"`
  const { stdout, stderr, status } = spawnSync('sh', ['-c', script], { cwd: home, env, encoding: 'utf8' })
  if (status !== 0) throw new Error(`${command}: ${stderr}`)
  return stdout.split('\0').slice(0, -1)
}
