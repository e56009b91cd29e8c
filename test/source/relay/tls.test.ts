/** Relays over TLS: the upstream is another streamserve. */
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { generate } from 'selfsigned'
import t, { type Test } from 'tap'
import type { Source } from '../../../src/source/source.ts'
import { startServer } from '../../streamserve.ts'
import { relayOf, startUpstream } from './upstream.ts'

interface Certificate {
  readonly name: string
  readonly notBefore?: Date
  readonly notAfter?: Date
}

/** Writes a certificate for a name. @returns the flags that use it, and the path of the certificate */
async function certificateFiles(t: Test, { name, notBefore, notAfter }: Certificate) {
  const folder = mkdtempSync(join(tmpdir(), 'streamserve-'))
  t.teardown(() => rmSync(folder, { recursive: true }))
  const extensions = [{ name: 'subjectAltName' as const, altNames: [{ type: 2 as const, value: name }] }]
  const options = {
    keyType: 'ec' as const,
    extensions,
    ...(notBefore && { notBeforeDate: notBefore }),
    ...(notAfter && { notAfterDate: notAfter }),
  }
  const pems = await generate([{ name: 'commonName', value: name }], options)
  const [cert, key] = [join(folder, 'cert.pem'), join(folder, 'key.pem')]
  writeFileSync(cert, pems.cert)
  writeFileSync(key, pems.private)
  return { flags: ['-tls-cert', cert, '-tls-key', key], cert }
}

/** Reads the first bytes of an opening. */
async function firstBytes(source: Source): Promise<string> {
  const { chunks } = await source.open(new AbortController().signal)
  for await (const chunk of chunks) return chunk.toString('latin1', 0, 4)
  return ''
}

t.test('refuses a self-signed certificate by its name, unless every certificate is accepted', async (t) => {
  const upstream = await startServer(t, ['-tls', '-demo'])
  const url = `https://127.0.0.1:${upstream.port}/`
  await t.rejects(relayOf([url]).open(new AbortController().signal), {
    name: 'SourceError',
    message: `${url}: self-signed certificate (DEPTH_ZERO_SELF_SIGNED_CERT); relay-insecure accepts every certificate`,
  })
  t.equal(await firstBytes(relayOf([url], { insecure: true })), 'RIFF')
})

t.test('refuses certificates that have expired or are for another name', async (t) => {
  const expired = await certificateFiles(t, {
    name: 'localhost',
    notBefore: new Date('2020-01-01'),
    notAfter: new Date('2021-01-01'),
  })
  const one = await startServer(t, ['-demo', ...expired.flags])
  const other = await certificateFiles(t, { name: 'radio.example' })
  const two = await startServer(t, ['-demo', ...other.flags])
  const relay = await startServer(
    t,
    ['-relay', `https://localhost:${one.port}/`, '-relay', `https://localhost:${two.port}/`],
    {
      env: { ...process.env, NODE_OPTIONS: '', NODE_EXTRA_CA_CERTS: other.cert },
    },
  )
  void fetch(relay.url).catch(() => {})
  const line = await relay.logged(/source closed/)
  t.match(line, new RegExp(`https://localhost:${one.port}/: (expired|self-signed) certificate`))
  t.match(
    line,
    new RegExp(`https://localhost:${two.port}/: certificate of another name \\(ERR_TLS_CERT_ALTNAME_INVALID\\)`),
  )
})

t.test('accepts a certificate that its system trusts, and follows a redirect from HTTP to it', async (t) => {
  const { flags, cert } = await certificateFiles(t, { name: 'localhost' })
  const upstream = await startServer(t, ['-demo', ...flags])
  const old = await startUpstream(t, (socket) =>
    socket.end(`HTTP/1.1 301 Moved\r\nLocation: https://localhost:${upstream.port}/\r\n\r\n`),
  )
  const relay = await startServer(t, ['-relay', old.url], {
    env: { ...process.env, NODE_OPTIONS: '', NODE_EXTRA_CA_CERTS: cert },
  })
  const { body } = await fetch(relay.url)
  const { value } = (await body?.getReader().read()) ?? {}
  t.equal(Buffer.from(value ?? []).toString('latin1', 0, 4), 'RIFF')
  t.match(await relay.logged(/source opened/), `url=https://localhost:${upstream.port}/`)
})

t.test('a port without TLS is a reason', async (t) => {
  const upstream = await startServer(t, ['-demo'])
  await t.rejects(relayOf([`https://127.0.0.1:${upstream.port}/`]).open(new AbortController().signal), {
    name: 'SourceError',
    message: `https://127.0.0.1:${upstream.port}/: no TLS at this port`,
  })
})
