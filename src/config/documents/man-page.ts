/** The page that `man streamserve` shows. */
import { examples, summary, usages } from '../prose.ts'
import { optionsSection } from './man-options.ts'
import { bold, entry, literal, prose, sentence, verbatim } from './roff.ts'

/** What is printed around the page. */
export interface Edition {
  readonly version: string
  /** `2026-05-31`; empty when it is not known. */
  readonly date: string
}

/** @returns the whole page for groff's or mandoc's man macros, in ASCII. */
export function manPage({ version, date }: Edition): string {
  return [
    `.TH STREAMSERVE 1 "${date}" "streamserve ${literal(version)}" "User Commands"`,
    // Words that are to be typed stay in one piece.
    '.nh',
    '.ad l',
    '.SH NAME',
    'streamserve \\- live sound from a pipe to many HTTP listeners',
    '.SH SYNOPSIS',
    usages.map((usage) => `${bold('streamserve')} ${literal(usage)}`).join('\n.br\n'),
    '.SH DESCRIPTION',
    description.map(prose).join('\n.PP\n'),
    optionsSection(),
    '.SH CONFIGURATION FILE',
    fileRules.map(prose).join('\n.PP\n'),
    verbatim(fileExample),
    ...Object.entries(lists).map(([title, entries]) => listSection(title, entries)),
    '.SH EXAMPLES',
    examples.map(({ what, lines }) => `${sentence(what)}\n${verbatim(lines)}`).join('\n.PP\n'),
    '.SH SEE ALSO',
    seeAlso.map((name) => `.BR ${name} (1)`).join(',\n'),
    '.SH AUTHORS',
    'The maintainers of streamserve, and those who helped them.',
    '.SH COPYRIGHT',
    prose(copyright),
    '',
  ].join('\n')
}

function listSection(title: string, entries: Readonly<Record<string, string>>): string {
  const texts = Object.entries(entries).map(([tag, text]) => entry(bold(tag), prose(text)))
  return [`.SH ${title}`, ...texts].join('\n')
}

const description: readonly string[] = [
  `${summary} One encoder serves everybody, and a slow listener hurts nobody but itself.`,
  'The source is a command (-exec), a FIFO, a file or a directory of FIFOs (-path), files played as a radio (-play), or ' +
    'standard input. It is started by its first listener and opened again when it ends or fails. It is cut into frames, the ' +
    'smallest pieces that a listener may start at; a listener that does not keep up misses whole frames. Listeners ask for ' +
    'http://HOST:PORT/, browsers get a page with a player there.',
  'Logs go to standard output. What keeps the program from starting is told in one line on standard error.',
]

const fileRules: readonly string[] = [
  'The file of -config has one flag a line: its name without the dash, a blank, and the value, which is the rest of the line ' +
    'as it stands; quotes are part of it. A switch may stand alone. Lines that begin with # and blank lines are passed over. ' +
    'The file is in UTF-8 and has at most 1 MiB.',
  'What follows exec is read as a shell would read it: plain and quoted words are a program and its arguments; with anything ' +
    'else that a shell acts on, such as | or $, it is a line for sh -c, and so is what is in quotes as a whole. What follows ' +
    'play is one or more names; those with blanks in them need quotes.',
  'A flag that is given twice is refused, except for play, whose names add up. A flag on the command line takes the place of ' +
    'the same one in the file, and a source (-exec, -path, -play, -demo) that of any source. Names of files start ' +
    'from the working directory. -config, -check, -help and -version have no place in a file.',
]

const fileExample: readonly string[] = [
  '# The sound card as MP3, while somebody listens.',
  'address :8080',
  'exec arecord -f cd -t raw | lame -r -b 128 - -',
  'close-idle',
  'max-quiet-interval 10s',
  'name Night Radio',
]

const lists: Readonly<Record<string, Readonly<Record<string, string>>>> = {
  PAGES: {
    '/, /player/NAME':
      'The player, for browsers; /player/NAME.m3u and .pls are for other players, /player/live.m3u for the stream at /.',
    '/status': 'Sources, listeners over the last hour, frames skipped, what commands said last; see -status.',
    '/status.json':
      'The same as JSON: time, program (version, node, startedAt, listeners, memoryBytes, threads, load) and streams, each with ' +
      'path, listen, contentType, format, title, source (state, since, retryAt, label, openings, lastEnd, said), bitsPerSecond, ' +
      'listeners, history (everySeconds, from, listeners), framesSent, framesSkipped, bytesIn, invalidBytes, bytesOut. Moments ' +
      'are in UTC; what is not known is null. Fields may be added later.',
    '/status/events':
      'The same as Server-Sent Events: a message with "whole": true first, then what is to be put over it, once a second or ' +
      'when something happens.',
    '/talk, /talk/ROOM': 'With -talk: two people talk from their browsers.',
    '/live/NAME': 'With -talk: a microphone, on the air as the stream /NAME; see -live-token.',
  },
  FILES: {
    '/etc/streamserve/NAME.conf':
      'Where the Debian package is installed: what the service streamserve@NAME serves. It comes with main.conf.',
    '/dev/stdin': 'What is read when no source is named.',
    '$STATE_DIRECTORY, $XDG_STATE_HOME/streamserve, ~/.local/state/streamserve':
      'The first of these that is known keeps the certificate of -tls, in tls.pem.',
  },
  'EXIT STATUS': {
    0: 'The program ended as it was asked to; with -check, nothing is wrong.',
    1: 'Something failed at run time: the port is taken, a source failed with -reopen=false, or standard input ended without it.',
    2: 'A flag, or a line of the configuration file, is wrong; the message says which and what would be right.',
  },
  SIGNALS: {
    'SIGTERM, SIGINT': 'End in good order: listeners, sources, and all that -exec started. A second one ends at once.',
    SIGHUP:
      'With -config, read the file again. A new -name, -description, -genre, -url or -client-timeout holds for who comes ' +
      'next. What else changes the stream replaces it, and its listeners are ended so that they come back for the new one. ' +
      'What is settled at the start (-address, -uid, -cpu-max, -log-format, -debug, -stat-log-interval, -header-timeout, ' +
      '-max-delay, -burst, -client-max-bytes, -source-buffer) is named in the log and waits for the next start. A wrong file ' +
      'is told there too, and all goes on as before. Without -config, SIGHUP ends the program as SIGTERM does.',
  },
}

const seeAlso: readonly string[] = ['arecord', 'curl', 'ffmpeg', 'lame', 'mkfifo', 'mpv']

const copyright =
  'streamserve is free software under the Apache License, version 2.0. codec-parser, which describes the streams that are ' +
  'found, is a package of its own under the GNU Lesser General Public License, version 3.0 or later.'
