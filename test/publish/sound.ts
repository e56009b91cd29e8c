import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { join } from 'node:path'
import { plainEnvironment } from '../streamserve.ts'

export const ARTIST = 'Töne'
export const TRACK = 'Sinus'
/** The title that listeners are to see. */
export const TITLE = `${ARTIST} - ${TRACK}`

/** Longer than any test listens, in seconds. */
const FILE_SECONDS = 60

/** Options of ffmpeg that make MP3, of the bit rate that the tests count on. */
export const MP3 = ['-c:a', 'libmp3lame', '-b:a', '128k'] as const

/** Input options of ffmpeg: a tone in real time, with tags. */
export function toneOf(hz: number): string[] {
  const input = ['-v', 'error', '-nostdin', '-re', '-f', 'lavfi', '-i', sine(hz), '-ac', '2']
  return [...input, '-metadata', `artist=${ARTIST}`, '-metadata', `title=${TRACK}`]
}

function sine(hz: number): string {
  return `sine=frequency=${hz}:sample_rate=44100`
}

/** Makes an MP3 file of a tone, with tags. @returns its path */
export async function toneFile(folder: string, hz: number): Promise<string> {
  const file = join(folder, 'tone.mp3')
  const sound = toneOf(hz).filter((option) => option !== '-re')
  const args = [...sound, '-t', String(FILE_SECONDS), ...MP3, file]
  const [code] = await once(
    spawn('ffmpeg', args, { stdio: ['ignore', 'ignore', 'inherit'], env: plainEnvironment() }),
    'exit',
  )
  if (code !== 0) throw new Error(`ffmpeg exits with ${code}`)
  return file
}
