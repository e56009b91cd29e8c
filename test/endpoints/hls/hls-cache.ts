import { mkdtempSync, readFileSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import type { Test } from 'tap'
import { freePort } from '../../free-port.ts'
import { startProxyProgram } from '../../proxies/proxy-program.ts'

const EXAMPLE = fileURLToPath(new URL('../../../../deb/files/examples/nginx-hls.conf', import.meta.url))

/** Starts nginx with the example's configuration, in front of origins that it asks in turn. @returns its URL */
export async function startCache(t: Test, origins: readonly number[]): Promise<string> {
  const folder = mkdtempSync(join(tmpdir(), 'streamserve-cache-'))
  const port = await freePort()
  const servers = origins.map((origin) => `server 127.0.0.1:${origin};`).join(' ')
  const example = readFileSync(EXAMPLE, 'utf8')
    .replace('/var/cache/nginx/hls', join(folder, 'cache'))
    .replace('server 127.0.0.1:8080;', servers)
    .replace('listen 80;', `listen 127.0.0.1:${port};`)
  writeFileSync(join(folder, 'hls.conf'), example)
  writeFileSync(join(folder, 'nginx.conf'), configuration(folder))
  await startProxyProgram(t, port, ['nginx', '-e', 'stderr', '-p', folder, '-c', 'nginx.conf'])
  return `http://127.0.0.1:${port}`
}

function configuration(folder: string): string {
  const temporary = ['client_body', 'proxy', 'fastcgi', 'uwsgi', 'scgi']
  return `
daemon off;
master_process off;
pid nginx.pid;
error_log stderr;
worker_rlimit_nofile 4096;
events { worker_connections 2048; }
http {
  access_log off;
  ${temporary.map((kind) => `${kind}_temp_path ${folder}/${kind};`).join('\n  ')}
  include hls.conf;
}
`
}
