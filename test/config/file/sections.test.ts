import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import fc from 'fast-check'
import t, { type Test } from 'tap'
import { parseCommandLine } from '../../../src/config/command-line.ts'
import { UsageError } from '../../../src/config/usage-error.ts'
import type { ProgramPlan } from '../../../src/plan/program-plan.ts'
import { programPlan } from '../../plans.ts'
import { configFiles, refusal } from './config-files.ts'

/** Returns the plan of a station file. */
function planOf(t: Test, content: string, ...flags: string[]): ProgramPlan {
  return programPlan('-config', configFiles(t)(content), ...flags)
}

/** Returns the errors of a station file, without the folder of the file. */
function errorsIn(t: Test, content: string, ...flags: string[]): string[] {
  const error = refusal('-config', configFiles(t)(content), ...flags)
  return [error, ...error.further].map(({ message }) => message.replaceAll(/\/\S*\/(\d+\.conf)/g, '$1'))
}

const STATION = `
name Night Radio
burst 3s

[/cd]
exec arecord -f cd -t raw
pcm cd

[/radio.mp3]
path /run/radio
name Night Radio, 128 kbit/s
burst 1s
`

t.test('makes a stream of each section, with the options of the head as defaults', async (t) => {
  const { streams, about, isStation } = planOf(t, STATION)
  t.ok(isStation)
  t.equal(about.name, 'Night Radio')
  t.match(streams, [
    { path: '/cd', about: { name: 'Night Radio' }, delivery: { burstMs: 3000 }, sources: [{ kind: 'exec' }] },
    {
      path: '/radio.mp3',
      about: { name: 'Night Radio, 128 kbit/s' },
      delivery: { burstMs: 1000 },
      sources: [{ kind: 'path', path: '/run/radio' }],
    },
  ])
  t.match(streams[0]?.place, /\.conf:5$/)
  t.equal(streams[0]?.whenEnded, 'keep')
})

t.test('lets a flag on the command line win over the head, and a section over both', async (t) => {
  const { streams } = planOf(t, STATION, '-burst', '9s', '-name', 'Day')
  t.strictSame(
    streams.map(({ about, delivery }) => [about.name, delivery.burstMs]),
    [
      ['Day', 9000],
      ['Night Radio, 128 kbit/s', 1000],
    ],
  )
})

t.test('makes a source in the head, or on the command line, the stream at /', async (t) => {
  t.match(planOf(t, `demo\n${STATION}`).streams[0], { path: '/', sources: [{ kind: 'demo' }] })
  const typed = planOf(t, `demo\n${STATION}`, '-path', '/dev/stdin')
  t.match(typed.streams[0], { path: '/', sources: [{ kind: 'path', path: '/dev/stdin' }] })
  t.equal(typed.streams.length, 3)
})

t.test('leaves a file without sections one stream at /, which ends the program', async (t) => {
  const { streams, isStation } = planOf(t, 'demo\nname One\n')
  t.notOk(isStation)
  t.match(streams, [{ path: '/', whenEnded: 'exit', about: { name: 'One' } }])
})

t.test('leaves out a default that the options of a section exclude', async (t) => {
  const { streams } = planOf(
    t,
    'pcm cd\nshuffle\n[/a]\ndemo\n[/b]\nexec lame\nfilter mp3\n[/c]\nplay x\n[/d]\npath y\n',
  )
  t.strictSame(
    streams.map(({ path, ingest }) => [path, ingest.filter, ingest.samples?.format.rate]),
    [
      ['/a', 'raw', 44100],
      ['/b', 'mp3', undefined],
      ['/c', 'raw', 44100],
      ['/d', 'raw', 44100],
    ],
  )
  t.match(streams[2]?.sources, [{ kind: 'play', shuffle: true }])
})

t.test('takes directories and wildcards', async (t) => {
  const { streams, published } = planOf(t, '[/towers/]\npath /run/towers\n[/guests/*]\nname Guest\n[/guests/a/*]\n')
  t.match(streams, [{ path: '/towers/', sources: [{ kind: 'path', path: '/run/towers' }] }])
  t.strictSame(
    published.map(({ path }) => path),
    ['/guests/a/*', '/guests/*', '/*'],
  )
  t.equal(published[1]?.about.name, 'Guest')
})

const REFUSED: readonly (readonly [content: string, ...errors: (string | RegExp)[]])[] = [
  ['[/a]\ndemo\n[/a]\ndemo', '1.conf:3: [/a] is repeated: its section is at line 1'],
  [
    '[/a]\ndemo\n[/b]\ndemo\nrecord %F.wav\n[/c]\ndemo\nrecord %F.wav',
    '1.conf:8: -record "%F.wav": is that of /b too; add %{stream}, which is the path of each stream',
  ],
  ['[/guests/*]\npublish\npublish-anybody\nrecord %F.mp3', /1\.conf:4: -record "%F\.mp3": is for several streams/],
  ['demo\n[/]\ndemo', /1\.conf:2: \[\/\] is repeated: line 1 of 1\.conf already names the source/],
  ['[/a]\ndemo\npath x', '1.conf:3: -demo cannot be combined with -path: the demo is a source itself'],
  ['[/a]\nexec x\nplay y', '1.conf:3: -play cannot be combined with -exec: both name a source'],
  ['[/a]\nname x', /1\.conf:1: \[\/a\] names no source/],
  ['[/a]\ndemo\nname x\nname y', '1.conf:4: -name: is already set in line 3'],
  ['[/a]\ndemo\naddress :1', '1.conf:3: -address: applies to the whole program and belongs before the first section'],
  ['[/a]\ndemo\nconfig x', /1\.conf:3: -config: is accepted on the command line only/],
  ['[a]\ndemo', /1\.conf:1: "\[a\]": the path of a section begins with a slash/],
  ['[/a\ndemo', /1\.conf:1: "\[\/a": a section is written \[\/path\]/],
  ['[/a//b]\ndemo', /1\.conf:1: .* an empty segment/],
  ['[/a/../b]\ndemo', /1\.conf:1: .* a segment \. or \.\./],
  ['[/a/.]\ndemo', /1\.conf:1: .* a segment \. or \.\./],
  ['[/a\tb]\ndemo', /1\.conf:1: .* a control character/],
  [`[/${'é'.repeat(512)}]\ndemo`, /1\.conf:1: .* longer than 1024 bytes/],
  ['[/a*]\n', /1\.conf:1: .* \* can only be the whole last segment/],
  ['[/*/a]\ndemo', /1\.conf:1: .* \* can only be the whole last segment/],
  ['[/a/*]\ndemo', '1.conf:2: [/a/*] is for published streams, which have no other source (demo)'],
  ['hub nats://a\n[/a/*]\nfrom hub:b', '1.conf:3: [/a/*] is for several streams: from hub:* is all of the hub'],
  ['hub nats://a\n[/a]\nfrom hub:*', '1.conf:3: [/a] is one stream: from hub:* needs a section such as [/*]'],
  ['[/a]\nfrom hub:b', /1\.conf:2: -from "hub:b": needs -hub/],
  ['hub nats://a\n[/a/*]\npublish\npublish-anybody\nhub-publish\nhub-name b', /1\.conf:6: .*cannot share one hub-name/],
  ['hub nats://a\n[/a]\nfrom hub:b\nhub-publish', /1\.conf:4: -from "hub:b": cannot be combined with -hub-publish/],
  ['[/a/]\ndemo', /1\.conf:2: \[\/a\/\] ends in a slash: it is a directory of FIFOs/],
  ['tls-cert x\n[/a]\ndemo', '1.conf:1: -tls-cert: needs -tls-key, the private key of the certificate'],
  ['[/a]\nbrst 1s\n[/b]\nname x\n[/c]\ndemo\npcm x', /1\.conf:2: -brst/, /1\.conf:7: -pcm/],
  ['[/a]\npublish', /1\.conf:2: -publish: needs -publish-password/],
  ['[/a]\ndemo\npublish-password x', '1.conf:3: -publish-password: needs -publish'],
  ['[/a]\npublish\npublish-anybody\nclose-idle', /1\.conf:4: -publish cannot be combined with -close-idle/],
  ['[/a]\ndemo\nrelay http://x/', '1.conf:3: -demo cannot be combined with -relay: the demo is a source itself'],
  ['[/a]\nfrom /b', '1.conf:2: -from "/b": there is no stream at this path'],
  ['[/a]\nfrom /b?mp3', /1\.conf:2: -from "\/b\?mp3": may only have \?wav or \?raw/],
  ['[/a]\ndemo\nfallback /b', /1\.conf:3: -fallback "\/b": there is neither a stream nor a file/],
  ['[/a]\nfrom /b\n[/b]\ndemo\nfallback /a', '1.conf:2: -from: a circle of streams: /a, /b, /a'],
  ['[/a/*]\npublish\npublish-anybody\ntitle-file x', /1\.conf:4: \[\/a\/\*\] is for several streams/],
  ['[/a]\npublish\npublish-anybody\nmax-quiet-interval 5s', /1\.conf:4: -publish cannot be combined with -max-quiet/],
  ['[/a]\nfrom /a', '1.conf:2: -from: a circle of streams: /a, /a'],
  ['[/a]\nname x\n[/b]\nname x', /1\.conf:1: \[\/a\] names no source/, /1\.conf:3: \[\/b\] names no source/],
]

t.test('refuses mistakes in sections, one line for each, with file and line', async (t) => {
  for (const [content, ...expected] of REFUSED) {
    const errors = errorsIn(t, content)
    t.equal(errors.length, expected.length, JSON.stringify(content))
    for (const [at, error] of expected.entries()) {
      if (typeof error === 'string') t.equal(errors[at], error)
      else t.match(errors[at], error)
    }
  }
})

t.test('reads the *.conf files of a directory in the order of their names', async (t) => {
  const folder = t.testdir({
    'a.conf': '[/one]\ndemo\n',
    'b.conf': 'name Head\n[/two]\ndemo\n',
    'c.conf': '# only a comment\n[/three]\ndemo\n',
    'd.conf.off': 'not read\n',
  })
  const plan = programPlan('-config', folder)
  t.strictSame(
    plan.streams.map(({ path, about, place }) => [path, about.name, place]),
    [
      ['/one', 'Head', `${folder}/a.conf:1`],
      ['/two', 'Head', `${folder}/b.conf:2`],
      ['/three', 'Head', `${folder}/c.conf:2`],
    ],
  )
})

t.test('refuses a directory without files, with two heads, or with a path twice', async (t) => {
  const folder = t.testdir({ 'a.conf': 'name A\n[/one]\ndemo\n' })
  writeFileSync(join(folder, 'b.conf'), '# comment\n\nname B\n[/one]\ndemo\n')
  const error = refusal('-config', folder)
  t.strictSame(
    [error, ...error.further].map(({ message }) => message.replaceAll(`${folder}/`, '')),
    [
      'b.conf:3: only one file may have options before its first section, and a.conf has some',
      'b.conf:4: [/one] is repeated: its section is at a.conf:2',
    ],
  )
})

t.test('makes a plan or UsageErrors of one line each of any sections', async (t) => {
  const file = configFiles(t)
  const path = fc.oneof(fc.string(), fc.constantFrom('/', '/a', '/a/', '/a/*', '/*', '*', '//', '/.', '/ä b'))
  const section = path.map((text) => `[${text}]`)
  const line = fc.oneof(
    section,
    fc.constantFrom('demo', 'path x', 'exec y', 'name z', 'address :1', 'pcm cd', 'shuffle'),
  )
  const text = fc.array(line, { maxLength: 12 }).map((lines) => lines.join('\n'))
  fc.assert(
    fc.property(text, (content) => {
      try {
        const request = parseCommandLine(['-config', file(content)])
        return request.kind === 'run' && structuredClone(request.plan).streams.length >= 0
      } catch (error) {
        if (!(error instanceof UsageError)) return false
        return [error, ...error.further].every(({ message }) => !/[\p{Cc}\u2028\u2029]/u.test(message))
      }
    }),
    { numRuns: 500 },
  )
})
