import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { writeFileSync } from 'node:fs'
import { type AddressInfo, connect, createServer } from 'node:net'
import { join } from 'node:path'
import type { Test } from 'tap'
import { localPair } from './tls/secure.ts'

/** Interval between attempts to connect to a proxy that has just been started, in milliseconds. */
const TRY_EVERY_MS = 50

/** An nginx for a test, with HTTPS and a certificate of its own. */
export interface Proxy {
  readonly port: number
  /** `https://127.0.0.1:PORT/radio`: the server, through a proxy that sends forwarding headers. */
  readonly url: string
  /** `https://127.0.0.1:PORT/silent`: the same through a proxy that sends none, which is nginx's default. */
  readonly silentUrl: string
}

/** Starts nginx in front of a loopback port. It is ended with the test. */
export async function startProxy(t: Test, serverPort: number): Promise<Proxy> {
  const folder = t.testdir()
  const port = await freePort()
  const { cert, key } = await localPair()
  writeFileSync(join(folder, 'cert.pem'), cert)
  writeFileSync(join(folder, 'key.pem'), key)
  writeFileSync(join(folder, 'nginx.conf'), configuration(folder, port, serverPort))
  const nginx = spawn('nginx', ['-e', 'stderr', '-p', folder, '-c', 'nginx.conf'], { stdio: 'ignore' })
  const exited = once(nginx, 'exit')
  t.teardown(async () => {
    nginx.kill('SIGKILL')
    await exited
  })
  await Promise.race([isReached(port), exited.then(() => Promise.reject(new Error('nginx does not start')))])
  return { port, url: `https://127.0.0.1:${port}/radio`, silentUrl: `https://127.0.0.1:${port}/silent` }
}

function configuration(folder: string, port: number, serverPort: number): string {
  const temporary = ['client_body', 'proxy', 'fastcgi', 'uwsgi', 'scgi']
  return `
daemon off;
master_process off;
pid nginx.pid;
error_log stderr;
events {}
http {
  access_log off;
  ${temporary.map((kind) => `${kind}_temp_path ${folder}/${kind};`).join('\n  ')}
  map $http_upgrade $connection_upgrade { default upgrade; '' close; }
  server {
    listen 127.0.0.1:${port} ssl;
    ssl_certificate cert.pem;
    ssl_certificate_key key.pem;
    location /radio/ {
      proxy_pass http://127.0.0.1:${serverPort}/;
      proxy_http_version 1.1;
      proxy_buffering off;
      proxy_set_header Host $http_host;
      proxy_set_header Upgrade $http_upgrade;
      proxy_set_header Connection $connection_upgrade;
      proxy_set_header X-Forwarded-For $proxy_add_x_forwarded_for;
      proxy_set_header X-Forwarded-Proto $scheme;
      proxy_set_header X-Forwarded-Prefix /radio;
    }
    location /silent/ {
      proxy_pass http://127.0.0.1:${serverPort}/;
    }
  }
}
`
}

async function freePort(): Promise<number> {
  const server = createServer().listen(0, '127.0.0.1')
  await once(server, 'listening')
  const { port } = server.address() as AddressInfo
  server.close()
  await once(server, 'close')
  return port
}

async function isReached(port: number): Promise<void> {
  for (;;) {
    const socket = connect({ port, host: '127.0.0.1' })
    const isOpen = await once(socket, 'connect').then(
      () => true,
      () => false,
    )
    socket.destroy()
    if (isOpen) return
    await new Promise((resolve) => setTimeout(resolve, TRY_EVERY_MS))
  }
}
