import type { Target } from './publisher-program.ts'
import type { Command } from './running-program.ts'
import { MP3, toneOf } from './sound.ts'
import { PATH, STATION_NAME } from './station.ts'

/** A tone from ffmpeg. @param output its options. */
export function ffmpeg({ port, password, hz }: Target, ...output: readonly string[]): Command {
  const url = `icecast://source:${password}@127.0.0.1:${port}${PATH}`
  return { program: 'ffmpeg', args: [...toneOf(hz), ...output, '-ice_name', STATION_NAME, url] }
}

/** A tone from ffmpeg, sent by curl. */
export function curl({ port, password, hz }: Target, ...options: readonly string[]): Command {
  const url = `http://127.0.0.1:${port}${PATH}`
  const fields = ['-H', 'Content-Type: audio/mpeg', '-H', `Ice-Name: ${STATION_NAME}`]
  return {
    program: 'curl',
    args: ['-fsS', '-u', `source:${password}`, ...fields, ...options, '-T', '-', url],
    input: ['ffmpeg', ...toneOf(hz), ...MP3, '-f', 'mp3', '-'],
  }
}
