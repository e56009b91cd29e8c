/** All options, by the group that help shows them in. They are the only definition of each option. */
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
import { path } from './kinds/path.ts'
import { pcm } from './kinds/pcm.ts'
import { token } from './kinds/token.ts'
import { user } from './kinds/user.ts'
import { webAddress } from './kinds/web-address.ts'
import { bytes, bytesPerSecond, count } from './kinds/whole-number.ts'
import type { Option } from './option.ts'

const mebibyte = 2 ** 20
// Shorter than this is a slip of the unit: the source would be closed, or the log filled, without end.
const shortestPeriod = { least: 10, zeroIsOff: true }

export const optionGroups = {
  'Where the stream comes from': {
    exec: {
      kind: command,
      scope: 'stream',
      applies: 'new stream',
      field: 'command',
      shown: 'off',
      help: 'run a command and read its output; as words it takes the rest of the line, in quotes it is a line for sh -c',
    },
    path: {
      kind: path,
      scope: 'stream',
      applies: 'new stream',
      shown: '/dev/stdin',
      help: 'read a FIFO or a file; a directory maps its FIFOs onto URL paths',
    },
    play: {
      kind: path,
      scope: 'stream',
      applies: 'new stream',
      several: true,
      shown: 'off',
      help: 'play these files, folders, M3U and PLS lists one after another, in real time; what cannot be played is skipped',
    },
    shuffle: {
      kind: boolean,
      scope: 'stream',
      applies: 'new stream',
      default: 'false',
      help: '-play in another order each time round',
    },
    loop: {
      kind: boolean,
      scope: 'stream',
      applies: 'new stream',
      default: 'true',
      help: '-play for ever; with false, once, and then exit',
    },
    demo: {
      kind: boolean,
      scope: 'stream',
      applies: 'new stream',
      default: 'false',
      help: 'play a built-in melody; it needs no source',
    },
    pcm: {
      kind: pcm,
      scope: 'stream',
      applies: 'new stream',
      shown: 'none',
      help: 'the source is raw samples, listeners get WAV: cd, dat, or encoding:rate:channels such as s16le:44100:2',
    },
    warm: {
      kind: boolean,
      scope: 'stream',
      applies: 'new stream',
      default: 'false',
      help: 'start the source at launch, not with its first listener; when it fails, go on trying without one',
    },
    reopen: {
      kind: boolean,
      scope: 'stream',
      applies: 'new stream',
      default: 'true',
      help: 'open the source again when it ends or fails, and keep the listeners; with false, let them finish and exit',
    },
    'close-idle': {
      kind: boolean,
      scope: 'stream',
      applies: 'new stream',
      default: 'false',
      help: 'close the source when its last listener leaves; the next one opens it again',
    },
    'max-quiet-interval': {
      kind: duration(shortestPeriod),
      scope: 'stream',
      applies: 'new stream',
      default: '0',
      shown: '0, never',
      help: 'close a source that gives no byte for so long; -reopen decides what then',
    },
    'source-bandwidth': {
      kind: bytesPerSecond,
      scope: 'stream',
      applies: 'new stream',
      default: '0',
      shown: '0, as it comes',
      help: 'read the source no faster than this',
    },
    pace: {
      kind: boolean,
      scope: 'stream',
      applies: 'new stream',
      default: 'true',
      help: 'play a file in real time; with false, as fast as it can be read',
    },
    fill: {
      kind: choice('nothing', 'silence'),
      scope: 'stream',
      applies: 'new stream',
      default: 'nothing',
      help: 'what listeners get while the source is away: silence keeps players going (PCM; MP3 and AAC once a source was there)',
    },
  },
  'How it is cut and kept': {
    'frame-filter': {
      kind: filterName,
      scope: 'stream',
      applies: 'new stream',
      alias: 'filter',
      default: 'auto',
      help: 'how to find frames: a name from the list below, or the path of your own filter such as ./my-filter.js',
    },
    'frame-bytes': {
      kind: bytes({ least: 1, most: 64 * mebibyte }),
      scope: 'stream',
      applies: 'new stream',
      shown: '64, or what the format needs',
      help: 'raw: the size of a frame; other filters: the largest frame allowed',
    },
    'header-bytes': {
      kind: bytes({ most: 16 * mebibyte }),
      scope: 'stream',
      applies: 'new stream',
      default: '0',
      help: 'so many bytes at each opening of the source are a header that every listener gets first',
    },
    splice: {
      kind: boolean,
      scope: 'stream',
      applies: 'new stream',
      default: 'true',
      help: 'who joins or skips in MP3 first gets what the next frames refer back to; with false, frames as they are',
    },
    'source-buffer': {
      kind: count('FRAMES', { least: 3, most: 10_000_000 }),
      scope: 'stream',
      applies: 'new stream',
      shown: '64, or what holds 10s and 512 KiB',
      help: 'how many frames to keep; more than 2',
    },
    'buffer-memory': {
      kind: bytes({ least: mebibyte }),
      scope: 'program',
      applies: 'restart',
      shown: 'an eighth of the memory',
      help: 'memory for frames of all streams and for writes that clients have not taken yet; by default at most 128 MiB a core',
    },
  },
  'How listeners get it': {
    address: {
      kind: address,
      scope: 'program',
      applies: 'restart',
      shown: '0.0.0.0:80, or 8080 without rights',
      help: 'where to listen: host:port, :port or [v6]:port; port 0 picks a free one',
    },
    'content-type': {
      kind: mediaType,
      scope: 'stream',
      applies: 'new stream',
      shown: 'application/octet-stream, or by format',
      help: "the response's Content-Type",
    },
    burst: {
      kind: duration(),
      scope: 'stream',
      applies: 'new stream',
      shown: '2s or 32 KiB; 0 for raw bytes',
      help: 'start a listener so far behind the newest frame that its player can begin at once',
    },
    'max-delay': {
      kind: duration({ zeroIsOff: true }),
      scope: 'stream',
      applies: 'new stream',
      shown: '500ms; 100ms without a burst',
      help: 'frames may wait so long to be written together; longer costs less CPU',
    },
    'client-max-bytes': {
      kind: bytes(),
      scope: 'stream',
      applies: 'new stream',
      default: '0',
      shown: '0, never',
      help: 'end a response once so many bytes of frames were sent',
    },
    'client-timeout': {
      kind: duration(shortestPeriod),
      scope: 'stream',
      applies: 'live',
      default: '30s',
      help: 'end a listener that takes nothing for so long; 0 is never',
    },
    'header-timeout': {
      kind: duration({ least: 10 }),
      scope: 'program',
      applies: 'restart',
      default: '10s',
      help: 'end a connection that sends no complete request for so long',
    },
  },
  'What players show': {
    name: { kind: headerText, scope: 'stream', applies: 'live', shown: 'none', help: 'the name of the station' },
    description: { kind: headerText, scope: 'stream', applies: 'live', shown: 'none', help: 'a line about it' },
    genre: { kind: headerText, scope: 'stream', applies: 'live', shown: 'none', help: 'what it plays' },
    url: { kind: webAddress, scope: 'stream', applies: 'live', shown: 'none', help: 'the address of its page' },
    'title-file': {
      kind: path,
      scope: 'stream',
      applies: 'new stream',
      shown: 'none',
      help: 'the first line of this file is what is playing; write a new one whenever that changes',
    },
    'tag-charset': {
      kind: charset,
      scope: 'stream',
      applies: 'new stream',
      default: 'windows-1252',
      shown: 'windows-1252 (Latin-1)',
      help: 'encoding of titles, lists and tags that are not Unicode, such as windows-1251; Unicode is recognized',
    },
  },
  'What browsers get': {
    status: {
      kind: choice('off', 'local', 'all'),
      scope: 'program',
      applies: 'restart',
      default: 'local',
      help: 'who may see the page /status: nobody, those with a loopback or private address, or everybody',
    },
    'frame-ancestors': {
      kind: frameAncestors,
      scope: 'stream',
      applies: 'live',
      default: '*',
      shown: '*, all',
      help: 'pages that may show the player in a frame: none, self, or addresses such as "self https://radio.example"',
    },
    talk: {
      kind: boolean,
      scope: 'program',
      applies: 'restart',
      default: 'false',
      help: 'pages to talk: /talk pairs two browsers, and /live puts a microphone on the air',
    },
    'live-token': {
      kind: token,
      scope: 'program',
      applies: 'restart',
      shown: 'made up at each start',
      help: 'the word that a speaker at /live needs; others on this machine see it (ps) unless it is given as file:PATH or env:NAME',
      secret: true,
    },
    tls: {
      kind: boolean,
      scope: 'program',
      applies: 'restart',
      shown: 'false; true with a certificate',
      help: 'HTTPS too, on the same port; without -tls-cert the certificate is made by itself and kept',
    },
    'tls-cert': {
      kind: path,
      scope: 'program',
      applies: 'restart',
      shown: 'none',
      help: 'the certificate and those that vouch for it (PEM); read again when it changes',
    },
    'tls-key': { kind: path, scope: 'program', applies: 'restart', shown: 'none', help: 'its private key (PEM)' },
  },
  'The program itself': {
    config: {
      kind: path,
      scope: 'program',
      applies: 'restart',
      field: 'configFile',
      shown: 'none',
      help: 'read flags from this file, one a line without its dash; those on the command line win',
    },
    check: {
      kind: boolean,
      scope: 'program',
      applies: 'restart',
      action: true,
      default: 'false',
      help: 'report what is wrong in the flags and in -config, and what they name that is missing, and exit',
    },
    'cpu-max': {
      kind: count('CORES'),
      scope: 'program',
      applies: 'restart',
      default: '0',
      shown: '0, all',
      help: 'use at most so many cores; more than one when one is busy, and Node is 22.12 or newer',
    },
    uid: {
      kind: user,
      scope: 'program',
      applies: 'restart',
      shown: 'your own',
      help: 'become this user once the port is bound',
    },
    'stat-log-interval': {
      kind: duration(shortestPeriod),
      scope: 'program',
      applies: 'restart',
      default: '0',
      shown: '0, never',
      help: 'log statistics of every source so often',
    },
    'log-format': {
      kind: choice('text', 'json'),
      scope: 'program',
      applies: 'restart',
      default: 'text',
      help: 'logs for people or for programs',
    },
    debug: { kind: boolean, scope: 'program', applies: 'restart', default: 'false', help: 'log every detail' },
    help: {
      kind: boolean,
      scope: 'program',
      applies: 'restart',
      alias: 'h',
      action: true,
      default: 'false',
      help: 'show this and exit',
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
