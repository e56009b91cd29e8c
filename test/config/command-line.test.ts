import fc from 'fast-check'
import t from 'tap'
import { parseCommandLine } from '../../src/config/command-line.ts'
import type { Config } from '../../src/config/config.ts'
import { flagNames, optionsByFlag } from '../../src/config/flags.ts'
import { UsageError } from '../../src/config/usage-error.ts'

function configOf(...argv: string[]): Config {
  const request = parseCommandLine(argv)
  if (request.kind !== 'run') throw new Error(`asks for ${request.kind}`)
  return request.configuration.config
}

const nothingGiven: Config = {
  command: undefined,
  path: undefined,
  play: undefined,
  shuffle: false,
  loop: true,
  demo: false,
  pcm: undefined,
  warm: false,
  reopen: true,
  closeIdle: false,
  maxQuietInterval: 0,
  sourceBandwidth: 0,
  pace: true,
  fill: 'nothing',
  from: undefined,
  relay: undefined,
  relayInsecure: false,
  publish: false,
  fallback: undefined,
  fallbackAfter: 1_000,
  publishUser: 'source',
  publishPassword: undefined,
  publishUsers: undefined,
  publishAnybody: false,
  publishTimeout: 10_000,
  linger: 600_000,
  frameFilter: 'auto',
  frameBytes: undefined,
  headerBytes: 0,
  splice: true,
  sourceBuffer: undefined,
  bufferMemory: undefined,
  address: undefined,
  contentType: undefined,
  burst: undefined,
  maxDelay: undefined,
  clientMaxBytes: 0,
  clientTimeout: 30_000,
  headerTimeout: 10_000,
  listenUsers: undefined,
  listenUrl: undefined,
  listenKey: undefined,
  publishUrl: undefined,
  maxListeners: 0,
  whenFull: undefined,
  maxListenersPerAddress: 0,
  maxConnectionsPerUser: 0,
  maxConnections: 0,
  maxConnectionsPerAddress: 0,
  trustedProxies: undefined,
  ban: undefined,
  accessLog: undefined,
  adminPassword: undefined,
  adminUsers: undefined,
  metrics: 'local',
  onSourceUp: undefined,
  onSourceDown: undefined,
  onPublish: undefined,
  onListen: undefined,
  onLeave: undefined,
  onFirstListener: undefined,
  onLastListener: undefined,
  onTitle: undefined,
  onSilence: undefined,
  onSound: undefined,
  onRecorded: undefined,
  onStart: undefined,
  onStop: undefined,
  silenceAfter: 10_000,
  silenceLevel: -60,
  record: undefined,
  recordKeep: undefined,
  rewind: 0,
  rewindBytes: 268_435_456,
  hls: false,
  hlsSegment: 6000,
  hlsGroup: undefined,
  hub: undefined,
  hubCredentials: undefined,
  hubCa: undefined,
  hubOrigin: undefined,
  hubPublish: false,
  hubName: undefined,
  name: undefined,
  description: undefined,
  genre: undefined,
  url: undefined,
  picture: undefined,
  mdns: false,
  public: false,
  directory: undefined,
  publicUrl: undefined,
  titleFile: undefined,
  tagCharset: 'windows-1252',
  status: 'local',
  frameAncestors: '*',
  hidden: false,
  talk: false,
  liveToken: undefined,
  tls: undefined,
  tlsCert: undefined,
  tlsKey: undefined,
  configFile: undefined,
  cpuMax: 0,
  uid: undefined,
  statLogInterval: 0,
  logFormat: 'text',
  debug: false,
}

const samplePcm = { encoding: 's16le', rate: 44_100, channels: 2, bytesPerSample: 2, blockBytes: 4, silentByte: 0 }

/** A value of each flag, and the resulting value in Config. */
const samples: Readonly<Record<string, readonly [text: string, field: keyof Config, value: unknown]>> = {
  address: [':6464', 'address', [{ host: undefined, port: 6464 }]],
  path: ['/tmp/fifo', 'path', '/tmp/fifo'],
  play: ['jingle.mp3', 'play', ['jingle.mp3']],
  demo: ['true', 'demo', true],
  relay: ['http://a.example/x', 'relay', ['http://a.example/x']],
  fallback: ['/dev/null', 'fallback', ['/dev/null']],
  'fallback-after': ['3s', 'fallbackAfter', 3_000],
  'publish-user': ['dj', 'publishUser', 'dj'],
  'publish-timeout': ['1m', 'publishTimeout', 60_000],
  linger: ['0', 'linger', 0],
  'listen-users': ['/etc/members', 'listenUsers', '/etc/members'],
  'listen-url': ['http://127.0.0.1/ask', 'listenUrl', 'http://127.0.0.1/ask'],
  'listen-key': ['secret', 'listenKey', 'secret'],
  'max-listeners': ['500', 'maxListeners', 500],
  'max-listeners-per-address': ['3', 'maxListenersPerAddress', 3],
  'max-connections': ['900', 'maxConnections', 900],
  'max-connections-per-address': ['30', 'maxConnectionsPerAddress', 30],
  'trusted-proxies': ['10.0.0.1, fd00::/8', 'trustedProxies', ['10.0.0.1', 'fd00::/8']],
  ban: ['/etc/banned', 'ban', '/etc/banned'],
  'access-log': ['/tmp/access.log', 'accessLog', '/tmp/access.log'],
  'admin-password': ['hackme', 'adminPassword', 'hackme'],
  'admin-users': ['/etc/admins', 'adminUsers', '/etc/admins'],
  metrics: ['all', 'metrics', 'all'],
  ...Object.fromEntries(
    ['SourceUp', 'SourceDown', 'Publish', 'Listen', 'Leave', 'FirstListener', 'LastListener', 'Title', 'Silence']
      .concat('Sound', 'Start', 'Stop')
      .map((name) => {
        const flag = `on${name.replaceAll(/[A-Z]/g, (letter) => `-${letter.toLowerCase()}`)}`
        const field = `on${name}` as keyof Config
        return [flag, ['http://127.0.0.1/hook', field, { kind: 'url', url: 'http://127.0.0.1/hook' }] as const]
      }),
  ),
  'silence-after': ['3s', 'silenceAfter', 3_000],
  'silence-level': ['-45.5', 'silenceLevel', -45.5],
  record: ['/srv/%F/%H.mp3', 'record', '/srv/%F/%H.mp3'],
  rewind: ['1h', 'rewind', 3_600_000],
  'rewind-bytes': ['134217728', 'rewindBytes', 134_217_728],
  hls: ['true', 'hls', true],
  'hls-segment': ['4s', 'hlsSegment', 4_000],
  hub: ['nats://a.example:4222,nats://b.example:4222', 'hub', ['nats://a.example:4222', 'nats://b.example:4222']],
  'frame-ancestors': ['self', 'frameAncestors', "'self'"],
  pcm: ['cd', 'pcm', samplePcm],
  warm: ['T', 'warm', true],
  reopen: ['false', 'reopen', false],
  'close-idle': ['1', 'closeIdle', true],
  'max-quiet-interval': ['5s', 'maxQuietInterval', 5000],
  'source-bandwidth': ['16000', 'sourceBandwidth', 16_000],
  pace: ['false', 'pace', false],
  fill: ['silence', 'fill', 'silence'],
  splice: ['false', 'splice', false],
  'frame-filter': ['mp3', 'frameFilter', 'mp3'],
  filter: ['./my-filter.js', 'frameFilter', './my-filter.js'],
  'frame-bytes': ['300', 'frameBytes', 300],
  'header-bytes': ['44', 'headerBytes', 44],
  'source-buffer': ['1000', 'sourceBuffer', 1000],
  'buffer-memory': ['8388608', 'bufferMemory', 8388608],
  'content-type': ['audio/mpeg', 'contentType', 'audio/mpeg'],
  name: [' Радио ', 'name', 'Радио'],
  description: ['all night', 'description', 'all night'],
  genre: ['Jazz', 'genre', 'Jazz'],
  url: ['https://radio.example/', 'url', 'https://radio.example/'],
  'title-file': ['/run/title', 'titleFile', '/run/title'],
  picture: ['/srv/radio.png', 'picture', '/srv/radio.png'],
  mdns: ['true', 'mdns', true],
  public: ['true', 'public', true],
  'public-url': ['https://radio.example', 'publicUrl', 'https://radio.example'],
  'tag-charset': ['cp1251', 'tagCharset', 'windows-1251'],
  burst: ['1.5s', 'burst', 1500],
  'max-delay': ['250ms', 'maxDelay', 250],
  'client-max-bytes': ['1000000', 'clientMaxBytes', 1_000_000],
  'client-timeout': ['0', 'clientTimeout', 0],
  'header-timeout': ['1m', 'headerTimeout', 60_000],
  status: ['all', 'status', 'all'],
  hidden: ['true', 'hidden', true],
  talk: ['true', 'talk', true],
  tls: ['true', 'tls', true],
  'cpu-max': ['4', 'cpuMax', 4],
  uid: ['nobody', 'uid', 'nobody'],
  'stat-log-interval': ['1h15m30.9s', 'statLogInterval', 4_530_900],
  'log-format': ['json', 'logFormat', 'json'],
  debug: ['TRUE', 'debug', true],
}

t.test('has all defaults, and no given flags, without flags', async (t) => {
  t.strictSame(configOf(), nothingGiven)
})

t.test('reads every flag in all four forms', async (t) => {
  for (const [flag, [text, field, value]] of Object.entries(samples)) {
    const isSwitch = optionsByFlag.get(flag)?.kind.name === 'boolean'
    const joined = [[`-${flag}=${text}`], [`--${flag}=${text}`]]
    const spaced = [
      [`-${flag}`, text],
      [`--${flag}`, text],
    ]
    for (const argv of isSwitch ? joined : [...joined, ...spaced])
      t.strictSame(configOf(...argv)[field], value, argv.join(' '))
  }
  // Flags without a sample value: some require another flag, and -config requires a file.
  const elsewhere = ['exec', 'help', 'h', 'version', 'v', 'check', 'config', 'shuffle', 'loop']
  elsewhere.push('live-token', 'tls-cert', 'tls-key', 'from', 'relay-insecure')
  elsewhere.push('record-keep', 'on-recorded', 'hls-group', 'sign', 'for', 'max-connections-per-user', 'when-full')
  elsewhere.push('hub-credentials', 'hub-ca', 'hub-origin', 'hub-publish', 'hub-name')
  elsewhere.push('directory', 'probe')
  elsewhere.push('publish', 'publish-url', 'publish-password', 'publish-users', 'publish-anybody')
  t.strictSame([...Object.keys(samples), ...elsewhere].toSorted(), flagNames.toSorted(), 'no flag is left out')
})

t.test('reads a switch alone or with its value after an equals sign', async (t) => {
  for (const flag of ['demo', 'warm', 'close-idle', 'debug', 'reopen']) {
    const field = samples[flag]?.[1] ?? 'uid'
    t.equal(configOf(`-${flag}`)[field], true)
    t.equal(configOf(`--${flag}`)[field], true)
    for (const text of ['1', 't', 'T', 'true', 'TRUE', 'True']) t.equal(configOf(`-${flag}=${text}`)[field], true, text)
    for (const text of ['0', 'f', 'F', 'false', 'FALSE', 'False'])
      t.equal(configOf(`-${flag}=${text}`)[field], false, text)
  }
})

t.test('uses the last one of a repeated flag, in any name and form', async (t) => {
  t.equal(configOf('-frame-bytes', '1', '--frame-bytes=2', '-frame-bytes', '3').frameBytes, 3)
  t.equal(configOf('-filter', 'mp3', '-frame-filter', 'raw').frameFilter, 'raw')
  t.equal(configOf('-frame-filter', 'mp3', '-filter=raw').frameFilter, 'raw')
  t.equal(configOf('-reopen=false', '-reopen').reopen, true)
})

t.test('keeps a value as it was typed', async (t) => {
  t.equal(configOf('-path', '5').path, '5')
  t.equal(configOf('-path', '0x10').path, '0x10')
  t.equal(configOf('-path=-dash').path, '-dash')
  t.equal(configOf('-path=a=b=c').path, 'a=b=c')
  t.equal(configOf('-path="quoted"').path, '"quoted"')
  t.equal(configOf('-path', "'quoted'").path, "'quoted'")
  t.equal(configOf('-path', '-').path, '-')
  t.equal(configOf('-path=-debug').path, '-debug')
  t.equal(configOf('-path', 'a\nb').path, 'a\nb')
  t.equal(configOf('-path=a\nb').path, 'a\nb')
})

function address(text: string): NonNullable<Config['address']>[number] | undefined {
  return configOf('-address', text).address?.[0]
}

t.test('reads addresses as host and port', async (t) => {
  t.strictSame(address('localhost:8080'), { host: 'localhost', port: 8080 })
  t.strictSame(address('0.0.0.0:80'), { host: '0.0.0.0', port: 80 })
  t.strictSame(address('[::1]:8080'), { host: '::1', port: 8080 })
  t.strictSame(address('[::]:0'), { host: '::', port: 0 })
  t.strictSame(address('[fe80::1%eth0]:80'), { host: 'fe80::1%eth0', port: 80 })
  t.strictSame(address(':65535'), { host: undefined, port: 65_535 })
  t.strictSame(address('my-box.local.:0080'), { host: 'my-box.local.', port: 80 })
})

t.test('reads a user as number or name', async (t) => {
  t.equal(configOf('-uid', '0').uid, 0)
  t.equal(configOf('-uid', '1000').uid, 1000)
  t.equal(configOf('-uid', '_www-data').uid, '_www-data')
})

t.test('accepts a media type with parameters', async (t) => {
  for (const type of ['audio/L16;rate=44100;channels=2', 'audio/ogg; codecs="opus"', 'application/x-my.type+json']) {
    t.equal(configOf('-content-type', type).contentType, type)
  }
})

t.test('accepts raw samples with the raw filter and whole blocks only', async (t) => {
  t.match(configOf('-pcm', 'cd', '-frame-filter', 'raw', '-frame-bytes', '400'), {
    frameFilter: 'raw',
    frameBytes: 400,
  })
  t.match(configOf('-pcm', 'cd', '-frame-filter', 'auto').pcm, samplePcm)
})

t.test('accepts help and version in any form, and prefers help', async (t) => {
  for (const word of ['-help', '--help', '-h', '--h', '-help=true'])
    t.strictSame(parseCommandLine([word]), { kind: 'help' })
  for (const word of ['-version', '--version', '-version=1'])
    t.strictSame(parseCommandLine([word]), { kind: 'version' })
  t.equal(parseCommandLine(['-version', '-help']).kind, 'help')
  t.equal(parseCommandLine(['-help', '-frame-bytes', '0']).kind, 'help')
  t.equal(parseCommandLine(['-help', 'stray']).kind, 'help')
  t.equal(parseCommandLine(['-help=false']).kind, 'run')
})

t.test('returns a request or a UsageError of one line for any command line', async () => {
  const flag = fc.constantFrom(...flagNames).map((name) => `-${name}`)
  const text = fc.constantFrom(
    '',
    '5',
    '-5',
    '0',
    'true',
    'cd',
    ':80',
    '2s',
    'mp3',
    'a b',
    '-',
    '--',
    '---',
    '-=',
    '-==',
    '-a.b',
  )
  const word = fc.oneof(
    flag,
    text,
    fc.string(),
    fc.string({ unit: 'grapheme' }),
    fc.tuple(flag, text).map((pair) => pair.join('=')),
  )
  fc.assert(
    fc.property(fc.array(word), (argv) => {
      try {
        return parseCommandLine(argv).kind.length > 0
      } catch (error) {
        return error instanceof UsageError && !/[\p{Cc}\u2028\u2029]/u.test(error.message)
      }
    }),
    { numRuns: 3000 },
  )
})
