import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import type { Test } from 'tap'
import { freePort } from './free-port.ts'
import { startProxyProgram } from './proxies/proxy-program.ts'
import { localPair } from './tls/secure.ts'

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
  await startProxyProgram(t, port, ['nginx', '-e', 'stderr', '-p', folder, '-c', 'nginx.conf'])
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
