import t, { type Test } from 'tap'
import { createAacAdts } from '../../filters/aac/adts.ts'
import { createFlac } from '../../filters/flac/flac.ts'
import type { CreateFilter } from '../../filters/frame-filter.ts'
import { createMp3 } from '../../filters/mpeg/mp3.ts'
import { createOgg } from '../../filters/ogg/ogg.ts'
import { createWav } from '../../filters/wav/wav.ts'
import { music } from '../filters/encoded.ts'
import { fileOf, framesOf } from '../filters/files/cut-files.ts'
import { play } from '../filters/files/players.ts'
import { needs, runProgram } from '../programs.ts'
import { filesIn, openRecorded } from './recorded.ts'

const skip = needs('ffmpeg')
const SECONDS = 121
const FORMATS: Readonly<Record<string, { readonly create: CreateFilter; readonly args: readonly string[] }>> = {
  mp3: { create: createMp3, args: ['-c:a', 'libmp3lame', '-b:a', '128k', '-f', 'mp3'] },
  aac: { create: createAacAdts, args: ['-c:a', 'aac', '-f', 'adts'] },
  flac: { create: createFlac, args: ['-c:a', 'flac', '-f', 'flac'] },
  opus: { create: createOgg, args: ['-c:a', 'libopus', '-vbr', 'off', '-page_duration', '200000', '-f', 'ogg'] },
  wav: { create: createWav, args: ['-c:a', 'pcm_s16le', '-f', 'wav'] },
}

/** Compares each file with the frames from the end of the one before on. @returns number of frames in all files */
function compareFiles(t: Test, files: ReadonlyMap<string, Buffer>, frames: ReturnType<typeof framesOf>): number {
  let from = 0
  for (const [name, bytes] of files) {
    let to = from + 1
    let own = fileOf(frames, from, to)
    while (own.bytes.length < bytes.length && to < frames.frames.length) own = fileOf(frames, from, ++to)
    if (!own.bytes.equals(bytes)) t.fail(`${name} differs`)
    from = to
  }
  return from
}

for (const [name, { create, args }] of Object.entries(FORMATS)) {
  t.test(`more than 100 files of a second each have all frames of ${name}, in order`, { skip }, async (t) => {
    const folder = t.testdir()
    const input = ['-v', 'error', '-f', 's16le', '-ar', '44100', '-ac', '2', '-i', '-']
    const bytes = runProgram('ffmpeg', [...input, ...args, '-'], music(SECONDS))
    const { send, end, stream } = openRecorded(t, `${folder}/%H-%M-%S`, { create, flags: [] })
    await send(bytes, SECONDS * 1000)
    const frames = stream.ring.next
    await end()
    const files = filesIn(folder)
    t.ok(files.size >= 100, `${files.size} files`)
    t.notOk(
      [...files.keys()].some((path) => /\.\d+\./.test(path)),
      'no name is used twice',
    )
    const inFiles = compareFiles(t, files, framesOf(create, bytes))
    t.equal(inFiles, frames)
    const [middle = ''] = [...files.keys()].slice(60)
    t.ok(play('ffmpeg', `${folder}/${middle}`).length > 44_100 * 4 * 0.8)
  })
}
