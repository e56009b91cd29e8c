import t from 'tap'
import { parseCommandLine } from '../../src/config/command-line.ts'
import { UsageError } from '../../src/config/usage-error.ts'

function refusal(argv: readonly string[]): UsageError {
  try {
    parseCommandLine(argv)
  } catch (error) {
    if (error instanceof UsageError) return error
    throw error
  }
  throw new Error(`not refused: ${argv.join(' ')}`)
}

type Refused = readonly [argv: readonly string[], message: RegExp]

const values: readonly Refused[] = [
  [['-status', 'me'], /^-status "me": must be off or local or all$/],
  [['-frame-ancestors', 'selff'], /^-frame-ancestors "selff": needs \*, none, self, or addresses/],
  [['-frame-ancestors', 'self *'], /^-frame-ancestors "self \*": cannot combine \* or none with other values$/],
  [['-frame-ancestors', "'none' https://a.example"], /cannot combine .* with other values$/],
  [['-frame-ancestors', 'https://a.example; script-src x.example'], /needs \*, none, self/],
  [['-trusted-proxies', '10.0.0.0/33'], /^-trusted-proxies "10\.0\.0\.0\/33": needs addresses or ranges such as 10/],
  [['-trusted-proxies', 'nginx'], /^-trusted-proxies "nginx": needs addresses or ranges/],
  [['-listen-url', 'radio.example'], /^-listen-url "radio\.example": needs an address such as https:/],
  [
    ['-listen-url', 'http://a b/'],
    /^-listen-url "http:\/\/a b\/": is not a valid URL such as https:\/\/radio\.example\/listen$/,
  ],
  [['-on-title', 'https://'], /^-on-title "https:\/\/": needs an address/],
  [['-on-title', ' '], /^-on-title " ": needs a command$/],
  [['-listen-key', ''], /^-listen-key: cannot be empty$/],
  [['-silence-level', '6'], /^-silence-level "6": must be from -150 to 0/],
  [['-silence-level', 'quiet'], /^-silence-level "quiet": needs a level in dBFS such as -60$/],
  [['-demo', '-when-full', 'http://a.example/'], /^-when-full: needs -max-listeners/],
  [['-demo', '-max-connections-per-user', '2'], /^-max-connections-per-user: needs -listen-users or -listen-url/],
  [['-demo', '-silence-after', '0', '-on-silence', 'true'], /^-on-silence: needs -silence-after above 0$/],
  [['-record', '/srv/%Q.mp3'], /^-record "\/srv\/%Q\.mp3": has "%Q", which is neither a conversion of strftime nor/],
  [['-record', '/srv/%{artist}'], /has "%\{artist\}", which is neither/],
  [['-record', '/srv/%'], /has "%", which is neither/],
  [['-record', '/srv/%F/'], /^-record "\/srv\/%F\/": is a folder/],
  [['-record-keep', '30'], /^-record-keep "30": needs a unit/],
  [['-record-keep', '0d'], /^-record-keep "0d": must be more than 0/],
  [['-record-keep', '99999d'], /^-record-keep "99999d": must be at most 36500d$/],
  [['-hls-segment', '500ms'], /^-hls-segment "500ms": must be at least 1s$/],
  [['-hls-group', 'a/b'], /^-hls-group "a\/b": needs a name of letters/],
  [['-demo', '-directory', 'http://dir.example/yp'], /^-directory: needs -public-url, the address that listeners/],
  [['-probe', 'radio.example'], /^-probe "radio.example": needs an address such as http/],
  [['-probe', 'http://a.example/', '-demo'], /^-demo: cannot be combined with -probe, which serves nothing$/],
  [['-demo', '-for', '10s'], /^-for: needs -sign or -probe$/],
  [['-hub', 'hub1.example:4222'], /^-hub "hub1\.example:4222": needs addresses such as nats:\/\/hub1/],
  [['-hub', 'nats://a,,nats://b'], /^-hub "nats:\/\/a,,nats:\/\/b": needs addresses/],
  [['-hub', 'nats://a/stream'], /needs addresses/],
  [['-hub', 'nats://a,tls://b'], /^-hub "nats:\/\/a,tls:\/\/b": must be all nats:\/\/ or all tls:\/\/$/],
  [['-hub', 'nats://user:secret@a'], /^-hub .*: cannot have a user or a password, which belong in -hub-credentials$/],
  [['-demo', '-hub-credentials', 'a.creds'], /^-hub-credentials: needs -hub, the addresses of the NATS servers$/],
  [['-demo', '-hub-publish'], /^-hub-publish: needs -hub, the addresses/],
  [['-demo', '-hub', 'nats://a', '-hub-name', 'x'], /^-hub-name: needs -hub-publish$/],
  [['-demo', '-hub', 'nats://a', '-hub-publish', '-hub-name', '*'], /^-hub-name "\*": means all streams/],
  [['-demo', '-hub', 'nats://a', '-hub-ca', 'ca.pem'], /^-hub-ca: needs addresses with tls:\/\/ in -hub$/],
  [['-demo', '-hub', 'nats://a', '-hub-publish', '-close-idle'], /^-hub-publish: cannot be combined with -close-idle/],
  [['-from', 'hub:radio'], /^-from "hub:radio": needs -hub/],
  [['-from', 'hub:'], /^-from "hub:": needs a name such as radio$/],
  [
    ['-hub', 'nats://a', '-from', 'hub:x', '-hub-publish'],
    /^-from "hub:x": cannot be combined with -hub-publish: it is on/,
  ],
  [
    ['-hub', 'nats://a', '-from', 'hub:x', '-exec', 'lame -'],
    /^-from "hub:x": cannot be combined with -exec: a command/,
  ],
  [['-hub', 'nats://a', '-from', 'hub:x', '-header-bytes', '44'], /cannot be combined with -header-bytes: the origin/],
  [['-hub', 'nats://a', '-from', 'hub:*', '-relay', 'http://b/x'], /^-relay: cannot stand in for all streams of a hub/],
  [['-rewind-bytes', '1'], /^-rewind-bytes "1": must be more than/],
  [['-demo', '-record-keep', '30d'], /^-record-keep: needs -record/],
  [['-demo', '-on-recorded', 'true'], /^-on-recorded: needs -record/],
  [['-demo', '-hls-group', 'radio'], /^-hls-group: needs -hls$/],
  [['-demo', '-rewind', '1h', '-source-buffer', '64'], /^-rewind: cannot be combined with -source-buffer/],
  [['-demo', '-publish-url', 'http://a.example/'], /^-publish-url: needs -publish$/],
  [['-sign', '/cd'], /^-sign "\/cd": needs -listen-key/],
  [['-sign', 'cd', '-listen-key', 'k'], /^-sign "cd": needs the path of a stream, such as \/cd$/],
  [['-sign', '/cd', '-for', '1ms', '-listen-key', 'k'], /^-for "1ms": must be at least 1s$/],
  [['-talk', '-live-token', 'short'], /^-live-token: must have at least 8 characters/],
  [['-talk', '-live-token', 'with blanks'], /^-live-token: may only contain letters, digits/],
  [['-tls-cert', '', '-tls-key', 'k'], /^-tls-cert "": needs the name/],
  [['-source-buffer', '2'], /^-source-buffer "2": must be more than 2$/],
  [['-source-buffer', '0'], /^-source-buffer "0": must be more than 2$/],
  [['-source-buffer', '99999999999'], /^-source-buffer .*at most 10000000$/],
  [['-frame-bytes', '0'], /^-frame-bytes "0": must be more than 0$/],
  [['-frame-bytes=-1'], /^-frame-bytes "-1": cannot be negative$/],
  [['-frame-bytes', '1e3'], /^-frame-bytes "1e3": needs a whole number of bytes/],
  [['-frame-bytes', '0x10'], /whole number/],
  [['-frame-bytes', '010'], /^-frame-bytes "010": .*leading zeros$/],
  [['-frame-bytes', '1.5'], /whole number/],
  [['-frame-bytes', '64k'], /whole number/],
  [['-frame-bytes', '1_000'], /whole number/],
  [['-frame-bytes', ''], /^-frame-bytes "": needs a whole number/],
  [['-frame-bytes', ' 5'], /whole number/],
  [['-frame-bytes', '67108865'], /at most 67108864/],
  [['-header-bytes', '16777217'], /^-header-bytes .*at most 16777216/],
  [['-header-bytes', '-3'], /cannot be negative/],
  [['-client-max-bytes', '9007199254740993'], /^-client-max-bytes .*at most 9007199254740991/],
  [['-source-bandwidth', 'fast'], /^-source-bandwidth "fast": needs a whole number of bytes per second$/],
  [['-cpu-max', '-5'], /^-cpu-max "-5": cannot be negative$/],
  [['-cpu-max=-1'], /^-cpu-max "-1": cannot be negative$/],
  [['-cpu-max', 'all'], /^-cpu-max "all": needs a whole number/],
  [['-path', ''], /^-path "": needs the name/],
  [['-path='], /^-path "": needs the name/],
  [['-play='], /^-play "": needs the name/],
  [['-play', 'a.mp3', ''], /^-play "": needs the name/],
  [['-play', 'a\0b'], /^-play "a\\u0000b": cannot contain a zero byte$/],
  [
    ['-frame-filter', 'mp4'],
    /^-frame-filter "mp4": must be one of auto, raw, mp3, aac-adts, wav, ogg, flac, or the path/,
  ],
  [['-filter', 'mp4'], /^-frame-filter "mp4": must be one of/],
  [['-filter='], /^-frame-filter "": must be one of/],
  [['-frame-filter', 'constructor'], /^-frame-filter "constructor": must be one of/],
  [['-stat-log-interval', '30'], /^-stat-log-interval "30": needs a unit, as in 30s/],
  [['-stat-log-interval', '1ms'], /^-stat-log-interval "1ms": must be 0 or at least 10ms$/],
  [['-max-quiet-interval', '-1s'], /^-max-quiet-interval "-1s": cannot be negative$/],
  [['-max-quiet-interval', 'soon'], /^-max-quiet-interval "soon": needs a duration/],
  [['-burst', '577h'], /^-burst "577h": must be at most 576h$/],
  [['-header-timeout', '0'], /^-header-timeout "0": must be at least 10ms$/],
  [['-client-timeout', '1us'], /^-client-timeout .*at least 10ms$/],
  [['-log-format', 'xml'], /^-log-format "xml": must be text or json$/],
  [['-log-format', 'JSON'], /must be text or json$/],
  [['-reopen=maybe'], /^-reopen "maybe": must be true or false$/],
  [['-reopen='], /^-reopen "": must be true or false$/],
  [['-help=maybe'], /^-help "maybe": must be true or false$/],
  [['-uid', '-5'], /^-uid "-5": needs the name or the number of a user$/],
  [['-uid', '4294967295'], /^-uid/],
  [['-uid', 'two words'], /^-uid/],
  [['-pcm', 'mp3'], /^-pcm "mp3": /],
  [['-pcm', 's16le:44100'], /^-pcm "s16le:44100": /],
  [['-pcm', 's16le:44100:0'], /^-pcm /],
  [['-pcm', 'toString'], /^-pcm "toString": /],
  [['-pcm', ''], /^-pcm "": /],
]

const addresses: readonly Refused[] = [
  [['-address', ''], /^-address "": needs host:port/],
  [['-address', '8080'], /^-address "8080": needs a colon before the port: :8080$/],
  [['-address', 'localhost'], /^-address "localhost": has no port, as in localhost:8080$/],
  [['-address', ':'], /has no port after the colon/],
  [['-address', 'localhost:'], /has no port after the colon/],
  [['-address', ':65536'], /needs a port from 0 to 65535/],
  [['-address', ':-1'], /needs a port from 0 to 65535/],
  [['-address', ':http'], /needs a port from 0 to 65535/],
  [['-address', ':1e3'], /needs a port from 0 to 65535/],
  [['-address', '::1'], /has no port; IPv6 is written \[::1\]:8080/],
  [['-address', '[::1]'], /has no port; IPv6/],
  [['-address', 'fe80::1:2:x:80'], /needs IPv6 in brackets/],
  [['-address', '[localhost]:80'], /has no IPv6 address in its brackets/],
  [['-address', '256.0.0.1:80'], /is not an IPv4 address/],
  [['-address', '1.2.3:80'], /is not an IPv4 address/],
  [['-address', '*:80'], /all interfaces are written :8080/],
  [['-address', 'http://localhost:80'], /not a URL/],
  [['-address', 'a b:80'], /needs host:port/],
  [['-address', '-x:80'], /^-address: needs a value before "-x:80"/],
]

const mediaTypes: readonly Refused[] = [
  '',
  'mpeg',
  'audio/',
  '/mpeg',
  'audio/mpeg;',
  'audio/mpeg, audio/ogg',
  ' audio/mpeg',
]
  .concat([
    'audio/mpeg\r\nSet-Cookie: a=b',
    'audio/mpeg\n',
    'audio/mp\u00e9g',
    'a/b; c',
    'a/b; c="d',
    `a/${'b'.repeat(300)}`,
  ])
  .map((type) => [['-content-type', type], /^-content-type ".*": /] as const)

const flags: readonly Refused[] = [
  [['-adress', ':80'], /^-adress: no such flag; the nearest is -address$/],
  [['--adress=:80'], /^-adress: no such flag; the nearest is -address$/],
  [['-frame-size=3'], /nearest is -frame-/],
  [['-source'], /nearest is -source-/],
  [['-no-reopen'], /^-no-reopen: no such flag; the nearest is -reopen$/],
  [['--no-reopen'], /nearest is -reopen$/],
  [['-reo'], /^-reo: no such flag; the nearest is -reopen$/],
  [['-Debug'], /nearest is -debug$/],
  [['-sourceBuffer', '10'], /nearest is -source-buffer$/],
  [['-address.port=80'], /^-address.port: no such flag/],
  [['-hd'], /^-hd: no such flag/],
  [['-5'], /^-5: no such flag/],
  [['-='], /no such flag/],
  [['-==x'], /no such flag/],
  [['--__proto__=x'], /no such flag/],
  [['-constructor', 'x'], /no such flag/],
  [['-path'], /^-path: needs a value: -path FILE$/],
  [['--path'], /^-path: needs a value: -path FILE$/],
  [['-filter'], /^-frame-filter: needs a value: -frame-filter NAME$/],
  [['-address', '-debug'], /^-address: needs a value before "-debug"; .* -address=VALUE$/],
  [['-path', '--', 'x'], /^-path: needs a value before "--"/],
  [['-path', '-exec', 'cat', 'x'], /^-path: needs a value/],
  [['-play'], /^-play: needs a value: -play FILE \.\.\.$/],
  [['-play', '-shuffle'], /^-play: needs a value before "-shuffle"; .* -play=VALUE$/],
  [['-play', '-5'], /^-play: needs a value before "-5"/],
  [['-play', '-'], /^-play: needs a value before "-"/],
  [['-play', '--', 'a.mp3'], /^-play: needs a value before "--"/],
  [['-play', 'a.mp3', '-shufle'], /^-shufle: no such flag; the nearest is -shuffle$/],
  [['-play', 'a.mp3', '-shuffle', 'false'], /^-shuffle "false": needs an equals sign, as in -shuffle=false$/],
  [['-loop', 'false', '-play', 'a.mp3'], /^-loop "false": needs an equals sign, as in -loop=false$/],
  [['-reopen', 'false'], /^-reopen "false": needs an equals sign, as in -reopen=false$/],
  [['-debug', '1'], /^-debug "1": needs an equals sign, as in -debug=1$/],
]

const strays: readonly Refused[] = [
  [['arecord', '-f', 'cd'], /^"arecord": unexpected argument; a command needs -exec before it$/],
  [['arecord'], /^"arecord": unexpected argument; a command needs -exec before it$/],
  [['arecord', '-path', '-adress=3'], /^"arecord": unexpected argument/],
  [['stray', '-help'], /^"stray": unexpected argument/],
  [['-debug', 'arecord'], /a command needs -exec before it$/],
  [['--', 'arecord'], /a command needs -exec before it$/],
  [['--', '-debug'], /^"-debug": unexpected argument; flags end at --$/],
  [['-play=a.mp3', 'b.mp3'], /^"b.mp3": unexpected argument/],
  [['-play', 'a.mp3', '-shuffle', 'b.mp3'], /^"b.mp3": unexpected argument/],
  [['-play', 'a.mp3', '--', 'b.mp3'], /^"b.mp3": unexpected argument/],
  [[':8080'], /^":8080": unexpected argument; an address needs -address before it$/],
  [[''], /^"": unexpected argument/],
  [['-exec', 'a | b', 'stray'], /^"stray": unexpected argument; only flags may follow a command in quotes$/],
]

const commands: readonly Refused[] = [
  [['-exec'], /^-exec: needs a command after it$/],
  [['-exec', ''], /^-exec "": needs a command$/],
  [['-exec', '  '], /^-exec " {2}": needs a command$/],
  [['-exec='], /^-exec "": needs a command$/],
  [['-exec', '-debug'], /^-exec "-debug": is not a command/],
  [['-exec', '-debug', 'cat'], /^-exec "-debug": is not a command/],
  [['-exec=-debug'], /^-exec "-debug": is not a command/],
  [['-exec', '--'], /^-exec: needs a command after it$/],
  [['-exec', '--', ''], /^-exec: needs a command after it$/],
  [['-exec', 'a | b', '-exec'], /^-exec: needs a command after it$/],
]

const conflicts: readonly Refused[] = [
  [['-tls-cert', 'c.pem'], /^-tls-cert: needs -tls-key, the private key of the certificate$/],
  [['-tls-key', 'k.pem'], /^-tls-key: needs -tls-cert, the certificate of the key$/],
  [['-live-token', 'open-sesame'], /^-live-token: needs -talk, which enables publishing at \/live$/],
  [['-path', '/tmp/x', '-exec', 'cat'], /^-exec cannot be combined with -path: /],
  [['-demo', '-exec', 'cat'], /^-demo cannot be combined with -exec: /],
  [['-demo', '-path', '/tmp/x'], /^-demo cannot be combined with -path: /],
  [['-play', 'a.mp3', '-exec', 'cat'], /^-play cannot be combined with -exec: both name a source/],
  [['-exec', 'cat a', '-play', 'a.mp3'], /^-play cannot be combined with -exec: /],
  [['-play', 'a.mp3', '-path', '/tmp/x'], /^-play cannot be combined with -path: /],
  [['-demo', '-play', 'a.mp3'], /^-demo cannot be combined with -play: /],
  [['-shuffle'], /^-shuffle: needs -play, the files to shuffle$/],
  [['-shuffle', '-path', '/tmp/x'], /^-shuffle: needs -play/],
  [['-loop=false'], /^-loop: needs -play/],
  [['-play', 'a.mp3', '-pace=false'], /^-play cannot be combined with -pace: /],
  [['-play', 'a.mp3', '-reopen=false'], /^-play cannot be combined with -reopen: -loop=false plays each file once/],
  [['-loop=false', '-demo'], /^-loop: needs -play/],
  [['-demo', '-pcm', 'cd'], /^-demo cannot be combined with -pcm: /],
  [['-demo', '-frame-filter', 'mp3'], /^-demo cannot be combined with -frame-filter: /],
  [['-pcm', 'cd', '-frame-filter', 'mp3'], /^-pcm cannot be combined with -frame-filter: /],
  [['-pcm', 'cd', '-frame-filter', './mine.js'], /^-pcm cannot be combined with -frame-filter: /],
  [['-pcm', 'cd', '-frame-bytes', '6'], /^-frame-bytes "6": must be a multiple of 4, /],
]

const tables = { values, addresses, mediaTypes, flags, strays, commands, conflicts }

for (const [name, table] of Object.entries(tables)) {
  t.test(`refuses wrong ${name} in one line with the right form`, async (t) => {
    for (const [argv, message] of table) {
      const error = refusal(argv)
      t.match(error.message, message, argv.join(' '))
      t.notMatch(error.message, /[\r\n]/)
    }
  })
}

t.test('has the flag and the value in a refusal', async (t) => {
  t.match(refusal(['-filter', 'mp4']), { flag: 'frame-filter', value: 'mp4' })
  t.match(refusal(['-address', '8080']), { flag: 'address', value: '8080' })
  t.match(refusal(['stray']), { flag: undefined, value: 'stray' })
  t.match(refusal(['-path']), { flag: 'path', value: undefined })
})

t.test('shows any value in one line of limited length', async (t) => {
  const { message } = refusal(['-frame-bytes', `\u001b[2J\n\u009b\u2028\u202e${'x'.repeat(10_000)}`])
  t.notMatch(message, /[\p{Cc}\u2028\u202e]/u)
  t.ok(message.length < 200)
})
