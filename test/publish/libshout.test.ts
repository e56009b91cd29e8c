import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { connect } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import t, { type Test } from 'tap'
import { type PublisherProgram, type Target, testProgram } from './publisher-program.ts'
import type { Command } from './running-program.ts'
import { ARTIST, TITLE, TRACK, toneFile } from './sound.ts'
import { PATH, STATION_NAME } from './station.ts'

t.jobs = 4

async function ezstream({ port, password, hz, folder }: Target, protocol: 'HTTP' | 'ICY'): Promise<Command> {
  const file = join(folder, 'ezstream.xml')
  const server = `<protocol>${protocol}</protocol><hostname>127.0.0.1</hostname><port>${port}</port>`
  const login = `<password>${password}</password><reconnect_attempts>20</reconnect_attempts>`
  const stream = `<mountpoint>${PATH}</mountpoint><format>MP3</format><stream_name>${STATION_NAME}</stream_name>`
  const intake = `<type>file</type><filename>${await toneFile(folder, hz)}</filename>`
  writeFileSync(
    file,
    `<ezstream>
  <servers><server>${server}${login}</server></servers>
  <streams><stream>${stream}</stream></streams>
  <intakes><intake>${intake}</intake></intakes>
</ezstream>`,
  )
  return { program: 'ezstream', args: ['-v', '-c', file] }
}

async function mpd(t: Test, { port, password, hz, folder }: Target): Promise<Command> {
  await toneFile(folder, hz)
  const file = join(folder, 'mpd.conf')
  // The path of a socket has 107 bytes at most.
  const runtime = mkdtempSync(join(tmpdir(), 'mpd-'))
  t.teardown(() => rmSync(runtime, { recursive: true }))
  const socket = join(runtime, 'socket')
  writeFileSync(
    file,
    `music_directory "${folder}"
db_file "${folder}/database"
bind_to_address "${socket}"
audio_output {
  type "shout"
  name "${STATION_NAME}"
  host "127.0.0.1"
  port "${port}"
  mount "${PATH}"
  password "${password}"
  encoder "lame"
  bitrate "128"
  format "44100:16:2"
}
`,
  )
  const started = () => play(socket)
  return { program: 'mpd', args: ['--no-daemon', '--stderr', '--verbose', file], started }
}

/** Interval between attempts to connect to a player that has just been started, in milliseconds. */
const TRY_EVERY_MS = 50

/** Plays the file when the player knows it. */
async function play(path: string): Promise<void> {
  for (;;) {
    const isPlaying = await new Promise<boolean>((resolve) => {
      const socket = connect(path, () => socket.write('add "tone.mp3"\nplay\nclose\n'))
      let answer = ''
      socket.on('data', (chunk) => {
        answer += String(chunk)
      })
      socket.on('error', () => {})
      socket.on('close', () => resolve(/^OK MPD.*\nOK\nOK\n/.test(answer)))
    })
    if (isPlaying) return
    await new Promise((resolve) => setTimeout(resolve, TRY_EVERY_MS))
  }
}

function gstreamer({ port, password, hz }: Target, protocol: 'http' | 'icy'): Command {
  const tone = ['audiotestsrc', 'is-live=true', `freq=${hz}`, '!', 'audio/x-raw,rate=44100,channels=2', '!']
  const tags = ['taginject', `tags=artist="${ARTIST}",title="${TRACK}"`, '!']
  const encoder = ['audioconvert', '!', 'lamemp3enc', 'target=bitrate', 'bitrate=128', 'cbr=true', '!']
  const output = [
    'shout2send',
    'ip=127.0.0.1',
    `port=${port}`,
    `password=${password}`,
    `mount=${PATH}`,
    `streamname=${STATION_NAME}`,
  ]
  return { program: 'gst-launch-1.0', args: [...tone, ...tags, ...encoder, ...output, `protocol=${protocol}`] }
}

const PROGRAMS: readonly PublisherProgram[] = [
  {
    name: 'ezstream',
    needs: ['ezstream'],
    kind: 'mp3',
    prepare: (_, target) => ezstream(target, 'HTTP'),
    title: TITLE,
    refused: { says: /Login failed/, code: 1 },
    returns: true,
  },
  {
    name: 'ezstream as SHOUTcast',
    needs: ['ezstream'],
    kind: 'mp3',
    prepare: (_, target) => ezstream(target, 'ICY'),
    title: TITLE,
    refused: { says: /Login failed/, code: 1 },
    returns: true,
  },
  {
    name: 'mpd',
    needs: ['mpd'],
    kind: 'mp3',
    prepare: mpd,
    title: TITLE,
    refused: { says: /Login failed/ },
    returns: false,
  },
  {
    name: 'GStreamer',
    needs: ['gst-launch-1.0'],
    kind: 'mp3',
    prepare: (_, target) => gstreamer(target, 'http'),
    title: TITLE,
    refused: { says: /Login failed/, code: 1 },
    returns: false,
  },
  {
    name: 'GStreamer as SHOUTcast',
    needs: ['gst-launch-1.0'],
    kind: 'mp3',
    prepare: (_, target) => gstreamer(target, 'icy'),
    title: TITLE,
    refused: { says: /Login failed/, code: 1 },
    returns: false,
  },
]

for (const [i, program] of PROGRAMS.entries()) testProgram(t, program, 457 + 57 * i)
