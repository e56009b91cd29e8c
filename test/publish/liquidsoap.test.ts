import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import t from 'tap'
import { type PublisherProgram, type Target, testProgram } from './publisher-program.ts'
import type { Command } from './running-program.ts'
import { ARTIST, TITLE, TRACK } from './sound.ts'
import { PATH, STATION_NAME } from './station.ts'

t.jobs = 4

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
def name_track() =
  tone.insert_metadata([("artist", "${ARTIST}"), ("title", "${TRACK}")])
  -1. # not again
end
thread.run.recurrent(delay=${TITLE_AFTER}, name_track)
output.icecast(%mp3(bitrate=128), ${server}${options}, tone)
`,
  )
  // Without the library of its language, whose types it checks for 4 s of a core at each start. What publishes is not in it.
  return { program: 'liquidsoap', args: ['--no-stdlib', file] }
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
