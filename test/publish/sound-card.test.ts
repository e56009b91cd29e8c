import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import t, { type Test } from 'tap'
import { plainEnvironment } from '../streamserve.ts'
import { makeMicrophone } from './microphone.ts'
import { type PublisherProgram, type Target, testProgram } from './publisher-program.ts'
import type { Command } from './running-program.ts'
import { TITLE } from './sound.ts'
import { PATH, STATION_NAME } from './station.ts'

t.jobs = 4

/** Samples that the programs read at a time, or a multiple of them. */
const DARKICE_SAMPLES = 2048
const BUTT_SAMPLES = 4410

function darkice(t: Test, { port, password, hz, folder }: Target): Command {
  const file = join(folder, 'darkice.cfg')
  writeFileSync(
    file,
    `[general]
duration = 0
bufferSecs = 1
reconnect = yes
realtime = no
[input]
device = default
sampleRate = 44100
bitsPerSample = 16
channel = 2
[icecast2-0]
format = mp3
bitrateMode = cbr
bitrate = 128
server = 127.0.0.1
port = ${port}
password = ${password}
mountPoint = ${PATH.slice(1)}
name = ${STATION_NAME}
`,
  )
  return { program: 'darkice', args: ['-c', file], env: makeMicrophone(t, folder, hz, DARKICE_SAMPLES) }
}

async function butt(t: Test, { port, password, hz, folder }: Target, type: 'SHOUTcast' | 'Icecast'): Promise<Command> {
  const file = join(folder, 'butt.conf')
  const song = join(folder, 'song')
  writeFileSync(song, `${TITLE}\n`)
  writeFileSync(
    file,
    `[main]
server = here
srv_ent = here
num_of_srv = 1
num_of_icy = 0
song_path = ${song}
song_update = 1
log_file = /dev/stderr
gain = 1.0
connect_at_startup = 1
[audio]
device = default
samplerate = 44100
bitrate = 128
channel = 2
codec = mp3
buffer_ms = 50
[here]
address = 127.0.0.1
port = ${port}
password = ${password}
type = ${type === 'SHOUTcast' ? 0 : 1}
tls = 0
mount = ${PATH.slice(1)}
usr = source
`,
  )
  const env = { ...makeMicrophone(t, folder, hz, BUTT_SAMPLES), DISPLAY: await startDisplay(t), HOME: folder }
  return { program: 'bash', args: ['-c', WITH_LOG, 'butt', '-x', '-c', file], env }
}

/** butt writes its log to a file only, and /dev/stderr is none while it is a socket. */
const WITH_LOG = 'exec butt "$@" 2> >(exec cat >&2)'

/** Starts a display without a screen. It is ended with the test. @returns its name */
async function startDisplay(t: Test): Promise<string> {
  const server = spawn('Xvfb', ['-displayfd', '1', '-nolisten', 'tcp'], {
    stdio: ['ignore', 'pipe', 'ignore'],
    env: plainEnvironment(),
  })
  const exited = once(server, 'exit')
  t.teardown(async () => {
    server.kill('SIGKILL')
    await exited
  })
  const [number] = (await once(server.stdout, 'data')) as [Buffer]
  return `:${String(number).trim()}`
}

const PROGRAMS: readonly PublisherProgram[] = [
  {
    name: 'DarkIce',
    needs: ['darkice'],
    kind: 'mp3',
    prepare: darkice,
    refused: { says: /wrong password/, code: 255 },
    returns: true,
  },
  {
    name: 'butt',
    needs: ['butt', 'Xvfb'],
    kind: 'mp3',
    isNameless: true,
    prepare: (t, target) => butt(t, target, 'Icecast'),
    title: TITLE,
    refused: { says: /invalid user\/password!/i },
    returns: true,
  },
  {
    name: 'butt as SHOUTcast',
    needs: ['butt', 'Xvfb'],
    kind: 'mp3',
    isNameless: true,
    prepare: (t, target) => butt(t, target, 'SHOUTcast'),
    title: TITLE,
    refused: { says: /invalid password!/i },
    returns: true,
  },
]

for (const [i, program] of PROGRAMS.entries()) testProgram(t, program, 449 + 57 * i)
