/** The man page streamserve(1). */
import { examples, summary, usages } from '../prose.ts'
import { optionsSection } from './man-options.ts'
import { bold, entry, literal, prose, sentence, verbatim } from './roff.ts'

/** Values of the header and footer of the page. */
export interface Edition {
  readonly version: string
  /** `2026-05-31`; empty when it is unknown. */
  readonly date: string
}

/** Returns the whole page for the man macros of groff and mandoc, in ASCII. */
export function manPage({ version, date }: Edition): string {
  return [
    `.TH STREAMSERVE 1 "${date}" "streamserve ${literal(version)}" "User Commands"`,
    // No hyphenation: words to type stay in one piece.
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
    examples.map(({ purpose, lines }) => `${sentence(purpose)}\n${verbatim(lines)}`).join('\n.PP\n'),
    '.SH SEE ALSO',
    seeAlso.map((name) => `.BR ${name} (1)`).join(',\n'),
    '.SH AUTHORS',
    'The maintainers of streamserve and its contributors.',
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
  `${summary} One encoder serves all listeners, and a slow listener does not disturb the others.`,
  'The source is a command (-exec), a FIFO, a file or a directory of FIFOs (-path), a playlist (-play), the stream of ' +
    'another server (-relay), another stream of the same program or of a hub (-from), a program that publishes as to Icecast or ' +
    'SHOUTcast (-publish), or standard input. It is opened for the first listener, and again when it ends or fails. A ' +
    'filter finds frames in its bytes, which are the smallest pieces that a listener can start at; a listener that is too ' +
    'slow misses whole frames. Listeners request http://HOST:PORT/, where browsers receive a page with a player.',
  'The log goes to standard output. An error that prevents the start is printed as one line on standard error.',
]

const fileRules: readonly string[] = [
  'The file of -config has one flag per line: its name without the dash, a space, and the value, which is the rest of the ' +
    'line, quotes included. A flag without a value may stand alone. Blank lines and lines that begin with # are ignored. ' +
    'The file is in UTF-8, with at most 1 MiB.',
  'The value of exec is read like a line of a shell: plain and quoted words are a program and its arguments. With other ' +
    'characters that are special in a shell, such as | or $, or when all of it is in quotes, it is a line for sh -c. The ' +
    'value of play is one or more paths; those with spaces need quotes.',
  'A flag must not be repeated, except for address, relay, play and fallback, whose values are added up. A flag on the ' +
    'command line replaces the same flag in the file, and a source on it replaces any source. Paths are relative to the ' +
    'working directory. -config, -check, -help and -version are accepted on the command line only.',
  'A line [/path] begins the section of the stream at this path. Lines before the first section apply to the whole program, ' +
    'and are defaults for all streams, except for a source, which is that of the stream at /. A path that ends in / is a ' +
    'directory of FIFOs, and a path that ends in /* takes published streams. If -config names a directory, its *.conf files ' +
    'are read in the order of their names; only one of them may have lines before its first section.',
]

const fileExample: readonly string[] = [
  '# The sound card as MP3, while there are listeners.',
  'address :8080',
  'exec arecord -f cd -t raw | lame -r -b 128 - -',
  'close-idle',
  'max-quiet-interval 10s',
  'name Night Radio',
]

const lists: Readonly<Record<string, Readonly<Record<string, string>>>> = {
  PAGES: {
    '/, /player/NAME': 'Page with a player. Without a stream at /, that page is an index of the streams.',
    '/PATH.m3u, /PATH.pls, /PATH.xspf':
      'Playlist of a stream for other players; that of the stream at / is /live.m3u, that of all streams /all.m3u.',
    '/status':
      'Page with sources, publishers, listeners of the last hour, skipped frames, and the last lines of standard error; see -status.',
    '/status.json':
      'The same as JSON: time, program (version, node, startedAt, listeners, memoryBytes, threads, load) and streams, each with ' +
      'path, name, listen, contentType, format, title, source (kind, state, since, retryAt, label, openings, lastEnd, said), ' +
      'publisher (address, user, agent, since), relay (url, since), from (path, since), fallback (playing, since), bitsPerSecond, ' +
      'listeners, history (everySeconds, from, listeners), framesSent, framesSkipped, bytesIn, invalidBytes, bytesOut. Times ' +
      'are in UTC; unknown values are null. Later versions may add fields.',
    '/status/events':
      'The same as Server-Sent Events: first a message with "whole": true, then the changes, once a second or when an event ' +
      'occurs.',
    '/status/feed':
      'Events as Server-Sent Events: names and fields are in docs/events.md of the project. After a break, Last-Event-ID ' +
      'requests the missed ones of the last 100; ?stream=/PATH selects a stream.',
    '/status-json.xsl':
      'The open streams in the form of Icecast 2.4, for programs that read it; not with -status=off. ?mount=/PATH selects one.',
    '/talk, /talk/ROOM': 'With -talk: two browsers talk with each other.',
    '/live/NAME': 'With -talk: publishes a microphone as the stream /NAME; see -live-token.',
  },
  FILES: {
    '/etc/streamserve/NAME.conf':
      'With the Debian package: configuration of the service streamserve@NAME. main.conf is part of the package.',
    '/dev/stdin': 'The source, when none is named.',
    '$STATE_DIRECTORY, $XDG_STATE_HOME/streamserve, ~/.local/state/streamserve':
      'The certificate of -tls is kept in the first of these directories that is known, as tls.pem.',
  },
  ENVIRONMENT: {
    'STATE_DIRECTORY, XDG_STATE_HOME, HOME': 'See FILES. systemd sets the first one.',
    PATH: 'Folders in which the programs of -exec and of hooks are looked for.',
    TZ: 'Time zone of the names of -record, of the log of -access-log, and of times without a zone in addresses.',
    'NO_COLOR, TERM': 'The log has no colours where NO_COLOR is set, or TERM is dumb.',
    'NOTIFY_SOCKET, LISTEN_FDS':
      'Set by systemd: the program reports that it is ready and how many listeners it has, and takes over sockets.',
    'env:NAME': 'As a value of flags that take a password, such as -publish-password: the variable NAME has it.',
    'STREAMSERVE_...': 'Set for the commands of hooks: fields of the event, such as STREAMSERVE_TITLE.',
  },
  'EXIT STATUS': {
    0: 'The program has ended as requested; with -check, there are no errors; with -probe, the stream is good.',
    1:
      'A failure at run time: the port is in use, a source failed with -reopen=false, or standard input ended without it. With ' +
      '-probe: something is wrong with the stream.',
    2:
      'A flag, or a line of the configuration file, is wrong; the message names it and the correct form. With -probe: there is ' +
      'nothing to hear.',
    3: 'With -probe: a flag is wrong.',
  },
  SIGNALS: {
    'SIGTERM, SIGINT':
      'Ends listeners, sources, and all processes of -exec in order. A second signal ends the program at once.',
    SIGHUP:
      'With -config, reads the file again. Changes of some flags apply at once, to new listeners. Changes of others replace ' +
      'the stream and disconnect its listeners, so that they connect to the new one. Changes of the rest need a restart and ' +
      'are named in the log; see the scope of each flag. An error in the file is logged, and the previous configuration stays ' +
      'in use. Without -config, SIGHUP ends the program as SIGTERM does.',
  },
}

const seeAlso: readonly string[] = [
  'arecord',
  'curl',
  'ffmpeg',
  'htpasswd',
  'journalctl',
  'lame',
  'mkfifo',
  'mpv',
  'systemctl',
]

const copyright =
  'streamserve is free software under the Apache License, version 2.0. codec-parser, which describes the formats of ' +
  'streams, is a separate package under the GNU Lesser General Public License, version 3.0 or later.'
