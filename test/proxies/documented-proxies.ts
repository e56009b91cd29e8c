import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { Test } from 'tap'
import { blockOfDocs } from '../docs/blocks.ts'
import { freePort } from '../free-port.ts'
import { localPair } from '../tls/secure.ts'
import { startProxyProgram } from './proxy-program.ts'

/** Proxies of the documentation that end HTTPS, by the program that they need. */
export const HTTP_PROXIES = { nginx: startNginx, haproxy: startHaproxy, caddy: startCaddy } as const

/** @returns the port, with HTTPS, at which the server is below `/radio/` */
async function startNginx(t: Test, serverPort: number): Promise<number> {
  const [folder, port] = [await folderOf(t), await freePort()]
  const site = blockOfDocs('/etc/nginx/conf.d/radio.conf')
    .replace('443', `127.0.0.1:${port}`)
    .replace('8080', String(serverPort))
    .replaceAll('/etc/letsencrypt/live/radio.example/', `${folder}/`)
  const temporary = ['client_body', 'proxy', 'fastcgi', 'uwsgi', 'scgi']
  const http = `access_log off;\n${temporary.map((kind) => `${kind}_temp_path ${folder}/${kind};`).join('\n')}\n${site}`
  const whole = `daemon off;\nmaster_process off;\npid nginx.pid;\nerror_log stderr;\nevents {}\nhttp {\n${http}}\n`
  writeFileSync(join(folder, 'nginx.conf'), whole)
  await startProxyProgram(t, port, ['nginx', '-e', 'stderr', '-p', folder, '-c', 'nginx.conf'])
  return port
}

async function startHaproxy(t: Test, serverPort: number): Promise<number> {
  const [folder, port] = [await folderOf(t), await freePort()]
  const text = blockOfDocs('haproxy.cfg')
    .replace(':443', `127.0.0.1:${port}`)
    .replace('8080', String(serverPort))
    .replace('/etc/haproxy/', `${folder}/`)
  await runHaproxy(t, folder, port, text)
  return port
}

/** Starts HAProxy for bytes as they are. @param header `send-proxy` or `send-proxy-v2` @returns its port */
export async function startHaproxyTcp(t: Test, serverPort: number, header: string): Promise<number> {
  const [folder, port] = [await folderOf(t), await freePort()]
  const text = blockOfDocs('haproxy-tcp.cfg')
    .replace(':8000', `127.0.0.1:${port}`)
    .replace('8080', String(serverPort))
    .replace('send-proxy-v2', header)
  await runHaproxy(t, folder, port, text)
  return port
}

async function runHaproxy(t: Test, folder: string, port: number, text: string): Promise<void> {
  const file = join(folder, 'haproxy.cfg')
  writeFileSync(file, text)
  await startProxyProgram(t, port, ['haproxy', '-q', '-db', '-f', file])
}

async function startCaddy(t: Test, serverPort: number): Promise<number> {
  const [folder, port] = [await folderOf(t), await freePort()]
  const site = blockOfDocs('Caddyfile')
    .replace('radio.example', `https://localhost:${port}`)
    .replace('8080', String(serverPort))
    .replace('{\n', `{\n  bind 127.0.0.1\n  tls ${folder}/fullchain.pem ${folder}/privkey.pem\n`)
  writeFileSync(join(folder, 'Caddyfile'), `{\n  admin off\n  auto_https off\n}\n${site}`)
  const env = { HOME: folder, XDG_DATA_HOME: folder, XDG_CONFIG_HOME: folder }
  const command = ['caddy', 'run', '--config', join(folder, 'Caddyfile'), '--adapter', 'caddyfile']
  await startProxyProgram(t, port, command, env)
  return port
}

/** Makes a folder with a certificate for this machine. */
async function folderOf(t: Test): Promise<string> {
  const { cert, key } = await localPair()
  // The test has a `testdir` of its own for the program.
  const folder = mkdtempSync(join(tmpdir(), 'streamserve-'))
  t.teardown(() => rmSync(folder, { recursive: true }))
  writeFileSync(join(folder, 'fullchain.pem'), cert)
  writeFileSync(join(folder, 'privkey.pem'), key)
  writeFileSync(join(folder, 'radio.pem'), `${cert}\n${key}`)
  return folder
}
