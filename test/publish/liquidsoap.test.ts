import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import t from 'tap'
import { type PublisherProgram, type Target, testProgram } from './publisher-program.ts'
import type { Command } from './running-program.ts'
import { ARTIST, TITLE, TRACK } from './sound.ts'
import { PATH, STATION_NAME } from './station.ts'

// Its start takes seconds of a core.
t.jobs = 3

/** Time after which the title changes, in seconds. */
const TITLE_AFTER = '2.'

function liquidsoap({ port, password, hz, folder }: Target, options: string): Command {
  const file = join(folder, 'tone.liq')
  const server = `host="127.0.0.1", port=${port}, password="${password}", mount="${PATH}", name="${STATION_NAME}"`
  writeFileSync(
    file,
    `settings.init.allow_root.set(true)
settings.log.stdout.set(true)
settings.log.file.set(false)
tone = insert_metadata(sine(${hz}.))
thread.run(delay=${TITLE_AFTER}, fun () -> tone.insert_metadata([("artist", "${ARTIST}"), ("title", "${TRACK}")]))
output.icecast(%mp3(bitrate=128), ${server}${options}, tone)
`,
  )
  return { program: 'liquidsoap', args: [file] }
}

function variant(name: string, options: string, says: RegExp, returns = true): PublisherProgram {
  return {
    name,
    needs: ['liquidsoap'],
    kind: 'mp3',
    prepare: (_, target) => liquidsoap(target, options),
    title: TITLE,
    refused: { says },
    returns,
  }
}

const PROGRAMS = [
  variant('liquidsoap with SOURCE', '', /Connection failed: 401/),
  variant('liquidsoap with PUT', ', method="put"', /Connection failed: 401/),
  // It fails to send the last chunk, and gives up.
  variant('liquidsoap with chunks', ', method="put", chunked=true', /Connection failed: 401/, false),
  variant('liquidsoap as SHOUTcast', ', protocol="icy"', /invalid password/),
]

for (const [i, program] of PROGRAMS.entries()) testProgram(t, program, 461 + 57 * i)
