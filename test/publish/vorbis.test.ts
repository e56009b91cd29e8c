import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import t from 'tap'
import { type PublisherProgram, type Target, testProgram } from './publisher-program.ts'
import type { Command } from './running-program.ts'
import { ARTIST, TRACK, toneOf } from './sound.ts'
import { PATH, STATION_NAME } from './station.ts'

t.jobs = 4

function ices({ port, password, hz, folder }: Target): Command {
  const tags = join(folder, 'tags')
  const file = join(folder, 'ices.xml')
  const login = `<hostname>127.0.0.1</hostname><port>${port}</port><password>${password}</password><mount>${PATH}</mount>`
  const input = `<param name="rate">44100</param><param name="channels">2</param><param name="metadatafilename">${tags}</param>`
  const encoder = '<nominal-bitrate>96000</nominal-bitrate><samplerate>44100</samplerate><channels>2</channels>'
  writeFileSync(tags, `artist=${ARTIST}\ntitle=${TRACK}\n`)
  writeFileSync(
    file,
    `<ices>
  <background>0</background><logpath>${folder}</logpath><logfile>ices.log</logfile><loglevel>4</loglevel><consolelog>1</consolelog>
  <stream>
    <metadata><name>${STATION_NAME}</name></metadata>
    <input><module>stdinpcm</module>${input}</input>
    <instance>${login}<reconnectdelay>1</reconnectdelay><reconnectattempts>20</reconnectattempts><encode>${encoder}</encode></instance>
  </stream>
</ices>`,
  )
  return { program: 'ices2', args: [file], input: ['ffmpeg', ...toneOf(hz), '-f', 's16le', '-'] }
}

function shout({ port, password, hz }: Target): Command {
  const server = [
    '-H',
    '127.0.0.1',
    '-P',
    String(port),
    '--pass',
    password,
    '--mount',
    PATH,
    '--format',
    'ogg',
    '--station-name',
    STATION_NAME,
  ]
  const vorbis = ['-c:a', 'libvorbis', '-page_duration', '100000', '-f', 'ogg', '-']
  return { program: 'shout', args: server, input: ['ffmpeg', ...toneOf(hz), ...vorbis] }
}

const PROGRAMS: readonly PublisherProgram[] = [
  {
    name: 'ices2',
    needs: ['ices2', 'ffmpeg'],
    kind: 'ogg',
    prepare: (_, target) => ices(target),
    title: TRACK,
    refused: { says: /Login failed/, code: 0 },
    returns: true,
  },
  {
    name: 'shout of libshout',
    needs: ['shout', 'ffmpeg'],
    kind: 'ogg',
    prepare: (_, target) => shout(target),
    title: TRACK,
    refused: { says: /Login failed/, code: 1 },
    returns: false,
  },
]

for (const [i, program] of PROGRAMS.entries()) testProgram(t, program, 443 + 57 * i)
