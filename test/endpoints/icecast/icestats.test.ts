import fc from 'fast-check'
import t from 'tap'
import { Ring } from '../../../src/ring/ring.ts'
import { Titles } from '../../../src/stream/titles.ts'
import { iceStatsAt, iceStream, serveIcecast, sourcesIn, stateOf } from './ice-server.ts'

t.test('has no source, an object, or an array in the order of the streams', async (t) => {
  const streams = [iceStream('/b'), iceStream('/a')]
  t.notOk('source' in (await iceStatsAt(await serveIcecast(t, []))))
  const one = await iceStatsAt(await serveIcecast(t, streams.slice(0, 1)))
  t.match(one.source, { listenurl: /\/b$/ })
  const two = await iceStatsAt(await serveIcecast(t, streams))
  t.ok(Array.isArray(two.source))
  t.strictSame(
    sourcesIn(two).map(({ listenurl }) => new URL(listenurl).pathname),
    ['/b', '/a'],
  )
})

t.test('has all fields of a source, with numbers as numbers', async (t) => {
  const about = [
    '-name',
    'Night Radio',
    '-description',
    'All night',
    '-genre',
    'Jazz',
    '-url',
    'https://radio.example/',
  ]
  const stream = iceStream('/radio.mp3', { listeners: 3 }, about)
  stream.counters.listenerPeak = 7
  stream.titles.set('Nina Simone - Sinnerman', 0, 0)
  const url = await serveIcecast(t, [stream])
  const before = Date.now()
  const { source } = await iceStatsAt(url)
  const [shown] = [source].flat()
  const { stream_start, stream_start_iso8601, ...rest } = shown as Exclude<typeof shown, undefined>
  t.strictSame(rest, {
    audio_info: 'bitrate=128;channels=2;samplerate=44100',
    bitrate: 128,
    genre: 'Jazz',
    'ice-bitrate': 128,
    'ice-channels': 2,
    'ice-samplerate': 44100,
    listener_peak: 7,
    listeners: 3,
    listenurl: `${url}/radio.mp3`,
    server_description: 'All night',
    server_name: 'Night Radio',
    server_type: 'audio/mpeg',
    server_url: 'https://radio.example/',
    title: 'Nina Simone - Sinnerman',
    yp_currently_playing: 'Nina Simone - Sinnerman',
    dummy: null,
  })
  t.match(stream_start, /^\w{3}, \d\d \w{3} \d{4} \d\d:\d\d:\d\d \+0000$/)
  t.match(stream_start_iso8601, /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\+0000$/)
  t.ok(Math.abs(Date.parse(stream_start) - (before - 1_000)) < 60_000)
  t.equal(Date.parse(stream_start), Date.parse(stream_start_iso8601.replace('+0000', 'Z')))
})

t.test('has the fields of the server', async (t) => {
  const url = await serveIcecast(t, [])
  const { server_start, server_start_iso8601, ...rest } = await iceStatsAt(url)
  t.match(rest, { admin: '', host: '127.0.0.1', location: '', server_id: /^streamserve\/\d/, dummy: null })
  t.match(server_start, / \+0000$/)
  t.match(server_start_iso8601, /\d\+0000$/)
})

t.test('shows every title as a string of valid JSON', async (t) => {
  const stream = iceStream('/x', {}, [])
  const url = await serveIcecast(t, [stream])
  await fc.assert(
    fc.asyncProperty(
      fc.oneof(fc.string({ unit: 'binary' }), fc.constantFrom('007', '-', '1e9', 'null', '"')),
      async (title) => {
        stream.titles.set(title, 0, 0)
        const { source } = await iceStatsAt(url)
        const [shown] = [source].flat()
        return typeof shown?.title === 'string' && shown.title === shown.yp_currently_playing
      },
    ),
    { numRuns: 300 },
  )
  for (const title of ['007', '-', '12:30']) {
    stream.titles.set(title, 0, 0)
    t.match((await iceStatsAt(url)).source, { title })
  }
})

t.test('shows what has changed since the last request', async (t) => {
  const stream = iceStream('/x')
  const streams = [stream]
  const url = await serveIcecast(t, streams)
  t.match((await iceStatsAt(url)).source, { listeners: 0, title: '' })
  stream.listeners = 2
  stream.titles.set('One', 0, 0)
  t.match((await iceStatsAt(url)).source, { listeners: 2, title: 'One' })
  stream.plan = iceStream('/x', {}, ['-name', 'Other']).plan
  t.match((await iceStatsAt(url)).source, { server_name: 'Other' })
  stream.sourceState = stateOf({ kind: 'waiting' })
  t.notOk('source' in (await iceStatsAt(url)))
})

t.test('leaves out hidden streams and streams without an open source', async (t) => {
  const kinds = ['closed', 'opening', 'waiting', 'retrying', 'ended'] as const
  const closed = kinds.map((kind) => iceStream(`/${kind}`, { sourceState: stateOf({ kind }) }))
  const hidden = iceStream('/hidden', {}, ['-hidden'])
  const url = await serveIcecast(t, [...closed, hidden, iceStream('/shown')])
  t.match((await iceStatsAt(url)).source, { listenurl: `${url}/shown` })
  t.notOk('source' in (await iceStatsAt(url, '?mount=/hidden')))
})

t.test('?mount restricts the response to one stream', async (t) => {
  const url = await serveIcecast(t, [iceStream('/a'), iceStream('/b c')])
  t.match((await iceStatsAt(url, '?mount=/b%20c')).source, { listenurl: `${url}/b%20c` })
  t.notOk('source' in (await iceStatsAt(url, '?mount=/other')))
})

t.test('shows what the publisher states where the frames do not show it', async (t) => {
  const peer = {
    kind: 'publisher',
    name: '192.0.2.7:1',
    audioInfo: 'ice-bitrate=96;ice-channels=1;ice-samplerate=48000',
  } as const
  const unknown = { ring: new Ring({ frames: 8 }), format: undefined, contentType: undefined }
  const streams = [
    iceStream('/known', { sourceState: stateOf({ peer }) }),
    iceStream('/unknown', { ...unknown, sourceState: stateOf({ peer }) }),
    iceStream('/nothing', unknown),
  ]
  const [known, stated, nothing] = sourcesIn(await iceStatsAt(await serveIcecast(t, streams)))
  t.match(known, { bitrate: 128, 'ice-samplerate': 44100, 'ice-channels': 2 })
  t.match(stated, { bitrate: 96, 'ice-samplerate': 48000, 'ice-channels': 1, audio_info: peer.audioInfo })
  t.match(nothing, { bitrate: 0, server_type: 'application/octet-stream' })
  for (const field of ['audio_info', 'ice-bitrate', 'ice-samplerate', 'ice-channels']) t.notOk(field in (nothing ?? {}))
  for (const one of [known, stated, nothing]) t.notMatch(JSON.stringify(one), '192.0.2.7')
})

t.test('has the URL by which the client reaches the server, also behind a proxy', async (t) => {
  const behind = { isSecure: true, host: 'radio.example', prefix: '/radio' }
  const url = await serveIcecast(t, [iceStream('/a')], behind)
  t.match(await iceStatsAt(url), { host: 'radio.example', source: { listenurl: 'https://radio.example/radio/a' } })
  const six = await serveIcecast(t, [iceStream('/a')], { host: '[2001:db8::1]:8000' })
  t.match(await iceStatsAt(six), { host: '[2001:db8::1]', source: { listenurl: 'http://[2001:db8::1]:8000/a' } })
})

t.test('makes the response for 1,000 streams within 20 ms once it has made one', async (t) => {
  const streams = Array.from({ length: 1_000 }, (_, at) => iceStream(`/stream/${at}.mp3`))
  const url = await serveIcecast(t, streams)
  t.equal(sourcesIn(await iceStatsAt(url)).length, 1_000)
  const cpu = process.cpuUsage()
  for (let i = 0; i < 20; i++) await (await fetch(`${url}/status-json.xsl`)).arrayBuffer()
  const { user, system } = process.cpuUsage(cpu)
  t.ok((user + system) / 1_000 / 20 < 20, `${(user + system) / 20_000} ms each`)
})

t.test('shows what members hear to no one else', async (t) => {
  const titles = new Titles()
  titles.set('for members', 0, 0)
  const streams = [iceStream('/members', { titles }, ['-listen-key', 'moon']), iceStream('/open', { titles })]
  const sources = sourcesIn(await iceStatsAt(await serveIcecast(t, streams)))
  t.strictSame(
    sources.map(({ title, yp_currently_playing: playing }) => [title, playing]),
    [
      ['', ''],
      ['for members', 'for members'],
    ],
  )
})
