import t from 'tap'
import { curl, ffmpeg } from './ffmpeg-and-curl.ts'
import { type PublisherProgram, testProgram } from './publisher-program.ts'
import { MP3, TITLE, TRACK } from './sound.ts'

t.jobs = 4

const ONCE = { needs: ['ffmpeg'], kind: 'mp3', returns: false } as const

const PROGRAMS: readonly PublisherProgram[] = [
  {
    ...ONCE,
    name: 'ffmpeg with PUT',
    prepare: (_, target) => ffmpeg(target, ...MP3, '-f', 'mp3'),
    title: TITLE,
    refused: { says: /401 Unauthorized/, code: 1 },
  },
  {
    ...ONCE,
    name: 'ffmpeg with SOURCE',
    // It never reads an answer.
    prepare: (_, target) => ffmpeg(target, ...MP3, '-legacy_icecast', '1', '-f', 'mp3'),
    title: TITLE,
    refused: { says: /Broken pipe|Connection reset/, code: 1 },
  },
  {
    ...ONCE,
    name: 'ffmpeg with Vorbis',
    kind: 'ogg',
    prepare: (_, target) =>
      ffmpeg(target, '-c:a', 'libvorbis', '-page_duration', '100000', '-content_type', 'application/ogg', '-f', 'ogg'),
    title: TRACK,
    refused: { says: /401 Unauthorized/, code: 1 },
  },
  {
    ...ONCE,
    name: 'curl with chunks',
    needs: ['curl', 'ffmpeg'],
    prepare: (_, target) => curl(target),
    title: TITLE,
    refused: { says: /error: 401/, code: 22 },
  },
  {
    ...ONCE,
    name: 'curl with Expect',
    needs: ['curl', 'ffmpeg'],
    prepare: (_, target) => curl(target, '-H', 'Expect: 100-continue'),
    title: TITLE,
    refused: { says: /error: 401/, code: 22 },
  },
]

for (const [i, program] of PROGRAMS.entries()) testProgram(t, program, 443 + 57 * i)
