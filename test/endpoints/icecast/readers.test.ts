/** Readers of the status, each with the rules of a program that people use with Icecast. */
import t from 'tap'
import { iceStatsAt, iceStream, serveIcecast } from './ice-server.ts'

type Any = Readonly<Record<string, unknown>>

/** The status as JavaScript without types has it. */
interface Untyped {
  readonly server_start_iso8601: string
  readonly source?: unknown
}

/** Go's layout `2006-01-02T15:04:05-0700`, which icecast_exporter uses. */
const GO_TIME = /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d[+-]\d{4}$/

/** icecast_exporter: `source` is an array, `listeners` a number, and times have one form. */
function exporter({ server_start_iso8601, source }: Untyped): string[] {
  if (!GO_TIME.test(server_start_iso8601)) throw new TypeError('no start')
  return (source as readonly Any[]).map((one) => {
    if (typeof one['listeners'] !== 'number') throw new TypeError('listeners is not a number')
    if (!GO_TIME.test(String(one['stream_start_iso8601']))) throw new TypeError('no start of the stream')
    return [one['listenurl'], one['server_type'], one['listeners']].join(' ')
  })
}

/** netdata: a source counts when it has a name and a start. */
function netdata({ source }: Untyped): number[] {
  return [source as Any | readonly Any[]]
    .flat()
    .filter((one) => one['stream_start'] && one['server_name'])
    .map((one) => Number(one['listeners']))
}

/** AzuraCast: these fields are used without a check. */
function azuraCast({ source }: Untyped): unknown[][] {
  const fields = ['yp_currently_playing', 'title', 'bitrate', 'server_type', 'listeners', 'listenurl']
  return [source as Any | readonly Any[]].flat().map((one) =>
    fields.map((field) => {
      if (one[field] === undefined || one[field] === null) throw new TypeError(`no ${field}`)
      return one[field]
    }),
  )
}

/** A page with one stream, by hand. */
function pageOfOne({ source }: Untyped): string {
  const [artist, title] = (source as { title: string }).title.split(' - ')
  return `${title} by ${artist}`
}

/** A page with several streams, by hand. */
function pageOfMany({ source }: Untyped, at: number): string {
  return (source as readonly { title: string }[])[at]?.title.toUpperCase() ?? ''
}

t.test('readers get what they need from several streams', async (t) => {
  const [a, b] = [iceStream('/a', { listeners: 2 }), iceStream('/b', { listeners: 0 })]
  b.titles.set('One - Two', 0, 0)
  const url = await serveIcecast(t, [a, b])
  const status = await iceStatsAt(url)
  t.strictSame(exporter(status), [`${url}/a audio/mpeg 2`, `${url}/b audio/mpeg 0`])
  t.strictSame(netdata(status), [2, 0])
  t.strictSame(azuraCast(status)[1]?.slice(0, 4), ['One - Two', 'One - Two', 128, 'audio/mpeg'])
  t.equal(pageOfMany(status, 1), 'ONE - TWO')
})

t.test('readers get what they need from one stream without a name', async (t) => {
  const stream = iceStream('/a')
  stream.titles.set('Nina Simone - Sinnerman', 0, 0)
  const status = await iceStatsAt(await serveIcecast(t, [stream]))
  t.equal(pageOfOne(status), 'Sinnerman by Nina Simone')
  t.strictSame(netdata(status), [0])
  t.equal(azuraCast(status).length, 1)
})
