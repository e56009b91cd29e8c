/** All options, by their groups in help. This is the only definition of each option. */
import { account } from './kinds/account.ts'
import { address } from './kinds/address.ts'
import { boolean } from './kinds/boolean.ts'
import { charset } from './kinds/charset.ts'
import { choice } from './kinds/choice.ts'
import { command } from './kinds/command.ts'
import { duration } from './kinds/duration.ts'
import { filterName } from './kinds/filter-name.ts'
import { frameAncestors } from './kinds/frame-ancestors.ts'
import { headerText } from './kinds/header-text.ts'
import { mediaType } from './kinds/media-type.ts'
import { password } from './kinds/password.ts'
import { path } from './kinds/path.ts'
import { pcm } from './kinds/pcm.ts'
import { streamAddress } from './kinds/stream-address.ts'
import { streamPath } from './kinds/stream-path.ts'
import { token } from './kinds/token.ts'
import { user } from './kinds/user.ts'
import { webAddress } from './kinds/web-address.ts'
import { bytes, bytesPerSecond, count } from './kinds/whole-number.ts'
import type { Option } from './option.ts'

const mebibyte = 2 ** 20
// Minimum of periods, in ms. A shorter one is a mistake of the unit: sources would not stay open, or the log would fill up.
const shortestPeriod = { least: 10, zeroIsOff: true }

export const optionGroups = {
  Source: {
    exec: {
      kind: command,
      scope: 'stream',
      applies: 'new stream',
      field: 'command',
      shown: 'off',
      help: 'run a command and read its output; unquoted, it takes the rest of the line; in quotes, it is a line for sh -c',
    },
    path: {
      kind: path,
      scope: 'stream',
      applies: 'new stream',
      shown: '/dev/stdin',
      help: 'read a FIFO or a file; of a directory, each FIFO is a stream, at the URL path of its name',
    },
    play: {
      kind: path,
      scope: 'stream',
      applies: 'new stream',
      several: true,
      shown: 'off',
      help: 'play files, folders, M3U and PLS lists one after another in real time; files that are broken or of another format are skipped',
    },
    shuffle: {
      kind: boolean,
      scope: 'stream',
      applies: 'new stream',
      default: 'false',
      help: 'with -play: play in random order, a new one in each round',
    },
    loop: {
      kind: boolean,
      scope: 'stream',
      applies: 'new stream',
      default: 'true',
      help: 'with -play: repeat forever; with false, play once and exit',
    },
    demo: {
      kind: boolean,
      scope: 'stream',
      applies: 'new stream',
      default: 'false',
      help: 'play a built-in melody, without any other source',
    },
    from: {
      kind: streamPath,
      scope: 'stream',
      applies: 'new stream',
      shown: 'off',
      help: 'use another stream of the station file: its frames, or with exec, the output of a command that reads them; as /cd?wav or /cd?raw, in this form',
    },
    relay: {
      kind: streamAddress,
      scope: 'stream',
      applies: 'new stream',
      several: true,
      shown: 'off',
      help: 'relay the stream of another server (Icecast, SHOUTcast, streamserve or a playlist); of several addresses, the next one is used when one fails',
    },
    'relay-insecure': {
      kind: boolean,
      scope: 'stream',
      applies: 'new stream',
      default: 'false',
      help: 'with -relay: accept every certificate',
    },
    publish: {
      kind: boolean,
      scope: 'stream',
      applies: 'new stream',
      default: 'false',
      help: 'accept sound from a publisher (Icecast or SHOUTcast source client) at this path; without a file, at every path',
    },
    pcm: {
      kind: pcm,
      scope: 'stream',
      applies: 'new stream',
      shown: 'none',
      help: 'format of raw samples, which are sent as WAV: cd, dat, or ENCODING:RATE:CHANNELS such as s16le:44100:2; encodings: u8, s16le, s24le, s32le, f32le, f64le, mulaw, alaw',
    },
    warm: {
      kind: boolean,
      scope: 'stream',
      applies: 'new stream',
      default: 'false',
      help: 'open the source at launch, not for the first listener, and keep retrying it without listeners',
    },
    reopen: {
      kind: boolean,
      scope: 'stream',
      applies: 'new stream',
      default: 'true',
      help: 'open the source again when it ends or fails, and keep its listeners; with false, send them the rest and exit',
    },
    'close-idle': {
      kind: boolean,
      scope: 'stream',
      applies: 'new stream',
      default: 'false',
      help: 'close the source when its last listener disconnects; the next listener opens it again',
    },
    'max-quiet-interval': {
      kind: duration(shortestPeriod),
      scope: 'stream',
      applies: 'new stream',
      default: '0',
      shown: '0, never',
      help: 'close a source that sends no bytes for this long; see -reopen',
    },
    'source-bandwidth': {
      kind: bytesPerSecond,
      scope: 'stream',
      applies: 'new stream',
      default: '0',
      shown: '0, unlimited',
      help: 'maximum rate at which the source is read',
    },
    pace: {
      kind: boolean,
      scope: 'stream',
      applies: 'new stream',
      default: 'true',
      help: 'play a file in real time; with false, read it as fast as possible',
    },
    fill: {
      kind: choice('nothing', 'silence'),
      scope: 'stream',
      applies: 'new stream',
      default: 'nothing',
      help: 'what to send while the source is away; silence keeps players connected (samples; MP3 and AAC after a first frame)',
    },
    fallback: {
      kind: path,
      scope: 'stream',
      applies: 'new stream',
      several: true,
      shown: 'none',
      help: 'what to send while the source is away or quiet: the path of another stream, a file or a folder; of several, the first that has sound of the same format',
    },
    'fallback-after': {
      kind: duration({ least: 10 }),
      scope: 'stream',
      applies: 'new stream',
      default: '1s',
      help: 'time without frames after which the fallback begins',
    },
  },
  Publishers: {
    'publish-user': {
      kind: account,
      scope: 'stream',
      applies: 'new stream',
      default: 'source',
      help: 'user name of -publish-password',
    },
    'publish-password': {
      kind: password,
      scope: 'stream',
      applies: 'new stream',
      shown: 'none',
      help: 'password for publishing; as file:PATH or env:NAME, other users of this machine cannot see it',
      secret: true,
    },
    'publish-users': {
      kind: path,
      scope: 'stream',
      applies: 'new stream',
      shown: 'none',
      help: 'file of users and passwords for publishing, made by htpasswd; read again when it changes',
    },
    'publish-anybody': {
      kind: boolean,
      scope: 'stream',
      applies: 'new stream',
      default: 'false',
      help: 'accept publishers without a password',
    },
    'publish-timeout': {
      kind: duration(shortestPeriod),
      scope: 'stream',
      applies: 'new stream',
      default: '10s',
      help: 'disconnect a publisher that sends nothing for this long; 0 disables it',
    },
    linger: {
      kind: duration(),
      scope: 'stream',
      applies: 'new stream',
      default: '10m',
      help: 'time for which a stream below a wildcard such as [/guests/*] is kept without publisher and listeners',
    },
  },
  'Frames and buffers': {
    'frame-filter': {
      kind: filterName,
      scope: 'stream',
      applies: 'new stream',
      alias: 'filter',
      default: 'auto',
      help: 'filter that finds frames in the bytes: a name from the list below, or the path of a module such as ./my-filter.js',
    },
    'frame-bytes': {
      kind: bytes({ least: 1, most: 64 * mebibyte }),
      scope: 'stream',
      applies: 'new stream',
      shown: '64, or as the format needs',
      help: 'raw: size of a frame; other filters: maximum size of a frame',
    },
    'header-bytes': {
      kind: bytes({ most: 16 * mebibyte }),
      scope: 'stream',
      applies: 'new stream',
      default: '0',
      help: 'size of the header with which the source begins; each listener receives it first',
    },
    splice: {
      kind: boolean,
      scope: 'stream',
      applies: 'new stream',
      default: 'true',
      help: 'MP3: send a lead-in frame on join and skip so that decoders start cleanly; with false, send the frames only',
    },
    'source-buffer': {
      kind: count('FRAMES', { least: 3, most: 10_000_000 }),
      scope: 'stream',
      applies: 'new stream',
      shown: '64, or enough for 10s and 512 KiB',
      help: 'number of frames that are kept for slow listeners, at least 3',
    },
    'buffer-memory': {
      kind: bytes({ least: mebibyte }),
      scope: 'program',
      applies: 'restart',
      shown: '1/8 of the memory',
      help: 'memory for the frames of all streams and for pending writes; by default at most 128 MiB per core',
    },
  },
  Listeners: {
    address: {
      kind: address,
      scope: 'program',
      applies: 'restart',
      several: true,
      shown: '0.0.0.0:80, or port 8080 without privileges',
      help: 'address and port for clients: host:port, :port or [v6]:port; port 0 picks a free port; several are possible',
    },
    'content-type': {
      kind: mediaType,
      scope: 'stream',
      applies: 'new stream',
      shown: 'by format, or application/octet-stream',
      help: 'Content-Type of the stream',
    },
    burst: {
      kind: duration(),
      scope: 'stream',
      applies: 'new stream',
      shown: '2s or 32 KiB; 0 for raw bytes',
      help: 'distance behind the newest frame at which a listener starts, so that its player can begin at once',
    },
    'max-delay': {
      kind: duration({ zeroIsOff: true }),
      scope: 'stream',
      applies: 'new stream',
      shown: '500ms; 100ms without a burst',
      help: 'maximum time that frames wait to be written together; a longer time needs less CPU',
    },
    'client-max-bytes': {
      kind: bytes(),
      scope: 'stream',
      applies: 'new stream',
      default: '0',
      shown: '0, unlimited',
      help: 'end a response after this number of bytes of frames',
    },
    'client-timeout': {
      kind: duration(shortestPeriod),
      scope: 'stream',
      applies: 'live',
      default: '30s',
      help: 'disconnect a listener that accepts no bytes for this long; 0 disables it',
    },
    'header-timeout': {
      kind: duration({ least: 10 }),
      scope: 'program',
      applies: 'restart',
      default: '10s',
      help: 'disconnect a client without a complete request after this time',
    },
  },
  'Names and titles': {
    name: { kind: headerText, scope: 'stream', applies: 'live', shown: 'none', help: 'name of the station' },
    description: {
      kind: headerText,
      scope: 'stream',
      applies: 'live',
      shown: 'none',
      help: 'description of the station, one line',
    },
    genre: { kind: headerText, scope: 'stream', applies: 'live', shown: 'none', help: 'genre of the station' },
    url: { kind: webAddress, scope: 'stream', applies: 'live', shown: 'none', help: 'web page of the station' },
    'title-file': {
      kind: path,
      scope: 'stream',
      applies: 'new stream',
      shown: 'none',
      help: 'file whose first line is the current title; it is read every second',
    },
    'tag-charset': {
      kind: charset,
      scope: 'stream',
      applies: 'new stream',
      default: 'windows-1252',
      shown: 'windows-1252 (Latin-1)',
      help: 'encoding of titles, lists and tags that are not in Unicode, such as windows-1251',
    },
  },
  'Web pages and HTTPS': {
    status: {
      kind: choice('off', 'local', 'all'),
      scope: 'program',
      applies: 'restart',
      default: 'local',
      help: 'clients that may open /status: none, those with a loopback or private address, or all',
    },
    'frame-ancestors': {
      kind: frameAncestors,
      scope: 'stream',
      applies: 'live',
      default: '*',
      shown: '*, all',
      help: 'sites that may embed the player in a frame: none, self, or addresses such as "self https://radio.example"',
    },
    hidden: {
      kind: boolean,
      scope: 'stream',
      applies: 'live',
      default: 'false',
      help: 'omit this stream from the index page, which browsers receive at / if no stream has this path',
    },
    talk: {
      kind: boolean,
      scope: 'program',
      applies: 'restart',
      default: 'false',
      help: 'pages for microphones: /talk connects two browsers, /live publishes a stream',
    },
    'live-token': {
      kind: token,
      scope: 'program',
      applies: 'restart',
      shown: 'a new one at each start',
      help: 'token for publishing at /live; as file:PATH or env:NAME, other users of this machine cannot see it',
      secret: true,
    },
    tls: {
      kind: boolean,
      scope: 'program',
      applies: 'restart',
      shown: 'false; true with a certificate',
      help: 'accept HTTPS too, on the same port; without -tls-cert, a certificate is created and kept',
    },
    'tls-cert': {
      kind: path,
      scope: 'program',
      applies: 'restart',
      shown: 'none',
      help: 'certificate chain (PEM); read again when it changes',
    },
    'tls-key': {
      kind: path,
      scope: 'program',
      applies: 'restart',
      shown: 'none',
      help: 'private key of the certificate (PEM)',
    },
  },
  Program: {
    config: {
      kind: path,
      scope: 'program',
      applies: 'restart',
      field: 'configFile',
      shown: 'none',
      help: 'read flags from this file, one per line, without the dash, or from the *.conf files of this directory; flags on the command line take precedence',
    },
    check: {
      kind: boolean,
      scope: 'program',
      applies: 'restart',
      action: true,
      default: 'false',
      help: 'report errors in the flags and in the file of -config, and missing programs and files, and exit',
    },
    'cpu-max': {
      kind: count('CORES'),
      scope: 'program',
      applies: 'restart',
      default: '0',
      shown: '0, all',
      help: 'maximum number of cores; more than one needs Node.js 22.12, and no -uid',
    },
    uid: {
      kind: user,
      scope: 'program',
      applies: 'restart',
      shown: 'the current user',
      help: 'run as this user once the port is bound',
    },
    'stat-log-interval': {
      kind: duration(shortestPeriod),
      scope: 'program',
      applies: 'restart',
      default: '0',
      shown: '0, never',
      help: 'interval between log messages with the statistics of each stream',
    },
    'log-format': {
      kind: choice('text', 'json'),
      scope: 'program',
      applies: 'restart',
      default: 'text',
      help: 'format of the log: text, or a JSON object per line',
    },
    debug: { kind: boolean, scope: 'program', applies: 'restart', default: 'false', help: 'log debug messages too' },
    help: {
      kind: boolean,
      scope: 'program',
      applies: 'restart',
      alias: 'h',
      action: true,
      default: 'false',
      help: 'show this help and exit',
    },
    version: {
      kind: boolean,
      scope: 'program',
      applies: 'restart',
      alias: 'v',
      action: true,
      default: 'false',
      help: 'show the version and exit',
    },
  },
} as const satisfies Record<string, Record<string, Option>>
