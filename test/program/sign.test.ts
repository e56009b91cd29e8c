import { createHmac } from 'node:crypto'
import t from 'tap'
import { configFiles } from '../config/file/config-files.ts'
import { run } from '../streamserve.ts'

/** Returns the signature of a path, as any website can make it. */
function signature(key: string, path: string, until: string): string {
  return createHmac('sha256', key).update(`${path}\n${until}`).digest('hex')
}

/** Prints a link. @returns its parts, with the time for which it is valid in seconds */
async function linkOf(...flags: readonly string[]) {
  const before = Date.now() / 1000
  const { code, stdout, stderr } = await run([...flags])
  t.strictSame({ code, stderr }, { code: 0, stderr: '' })
  const [, path = '', until = '', sign = ''] = /^([^ ]+)[?&]until=(\d+)&sign=([0-9a-f]{64})\n$/.exec(stdout) ?? []
  return { path, until, sign, seconds: Number(until) - before }
}

t.test('-sign prints a link that ends after the time of -for', async (t) => {
  const link = await linkOf('-sign', '/night radio', '-for', '2h', '-listen-key', 'moon')
  t.equal(link.path, '/night%20radio')
  t.equal(link.sign, signature('moon', '/night radio', link.until))
  t.ok(link.seconds >= 7200 && link.seconds < 7260, `${link.seconds} s`)
})

t.test('a link is valid for a day unless -for says otherwise', async (t) => {
  const { seconds } = await linkOf('-sign', '/', '-listen-key', 'moon')
  t.ok(seconds >= 86_400 && seconds < 86_460, `${seconds} s`)
})

t.test('-sign keeps the form of the sound, which is not part of the signature', async (t) => {
  const { path, until, sign } = await linkOf('-sign', '/cd?wav', '-listen-key', 'moon')
  t.equal(path, '/cd?wav')
  t.equal(sign, signature('moon', '/cd', until))
})

t.test('-sign has the key of the section that the path belongs to', async (t) => {
  const folder = t.testdir({ key: 'of the file\n' })
  const file = configFiles(t)(
    `listen-key of the head\n[/open]\ndemo\n[/own]\ndemo\nlisten-key file:${folder}/key\n` +
      '[/guests/*]\npublish\npublish-anybody\nlisten-key of guests\n',
  )
  for (const [path, key] of [
    ['/open', 'of the head'],
    ['/own', 'of the file'],
    ['/guests/ann', 'of guests'],
  ] as const) {
    const { until, sign } = await linkOf('-sign', path, '-config', file)
    t.equal(sign, signature(key, path, until), path)
  }
  t.match(await run(['-sign', '/nowhere', '-config', file]), {
    code: 2,
    stderr: 'streamserve: -sign "/nowhere": there is no stream at this path\n',
  })
})
