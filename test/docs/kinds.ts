/** What each block of the documentation is, and which test tries it. */
import { optionsByFlag } from '../../src/config/flags.ts'
import { type Block, nameOf } from './blocks.ts'

/** `station file`, `commands`, `unit` and `events` are tried by commands.test.ts; `elsewhere` by another test; `drawing` has nothing to try. */
export type Kind =
  | 'station file'
  | 'commands'
  | 'unit'
  | 'cron'
  | 'yaml'
  | 'dockerfile'
  | 'events'
  | 'elsewhere'
  | 'drawing'
  | undefined

/** Blocks that other tests try, by their names or first words, and the test. Each test names the block. */
export const ELSEWHERE: ReadonlyMap<string, string> = new Map([
  ['/etc/nginx/conf.d/radio.conf', 'proxies/documented-proxies.ts'],
  ['Caddyfile', 'proxies/documented-proxies.ts'],
  ['haproxy.cfg', 'proxies/documented-proxies.ts'],
  ['haproxy-tcp.cfg', 'proxies/documented-proxies.ts'],
  ['haproxy-edges.cfg', 'hub/edge-death.test.ts'],
  ['link.php', 'access/members.test.ts'],
  ['link.sh', 'access/members.test.ts'],
  ['callback.py', 'access/members.test.ts'],
  ['/etc/fail2ban/filter.d/streamserve.conf', 'access-log/tools.test.ts'],
  ['/etc/fail2ban/jail.d/streamserve.conf', 'docs/programs.test.ts'],
  ['lines.js', 'docs/programs.test.ts'],
  ['/etc/nagios4/conf.d/streamserve.cfg', 'docs/programs.test.ts'],
  ['good', 'docs/programs.test.ts'],
  ['scrape_configs', 'docs/programs.test.ts'],
  ['/usr/local/bin/to-website', 'docs/programs.test.ts'],
  ['FROM', 'packages/documented.test.ts'],
  ['livenessProbe', 'packages/documented.test.ts'],
  ['services', 'packages/documented.test.ts'],
  ['good', 'probe/documented.test.ts'],
  ['/etc/nagios4/conf.d/streamserve.cfg', 'probe/documented.test.ts'],
  ['/etc/cron.d/probe', 'probe/documented.test.ts'],
  ['/etc/systemd/system/probe.service', 'probe/documented.test.ts'],
  ['/etc/systemd/system/probe.timer', 'probe/documented.test.ts'],
])

/** Programs whose names begin the commands of the documentation. */
const PROGRAMS =
  /^(sudo )?(streamserve|npm|git|apt|systemctl|journalctl|arecord|alsamixer|curl|mpv|ffmpeg|mkfifo|mkdir|cp|echo|htpasswd|openssl|goaccess|scp|ssh|tar|rpm|dnf|zypper|podman|docker|cp|sha256sum|avahi-browse|[\w./-]*\/streamserve)\b/

/** Returns the kind of a block; undefined: none is known, so nothing tries it. */
export function kindOf(block: Block): Kind {
  const { text, language } = block
  if (ELSEWHERE.has(nameOf(block)) || ELSEWHERE.has(/^\w+/.exec(text)?.[0] ?? '')) return 'elsewhere'
  if (language === 'yaml' || language === 'dockerfile') return language
  if (isStationFile(text)) return 'station file'
  if (PROGRAMS.test(text)) return 'commands'
  if (/^(#.*\n)*\[(Unit|Service|Timer)\]$/m.test(text)) return 'unit'
  if (nameOf(block).startsWith('/etc/cron.d/')) return 'cron'
  if (text.startsWith('{"event"')) return 'events'
  if (language === '' && /-> {1,}|---/.test(text)) return 'drawing'
  return undefined
}

function isStationFile(text: string): boolean {
  return text.split('\n').every((line) => {
    const [word = ''] = line.split(' ')
    return line === '' || line.startsWith('#') || line.startsWith('[/') || optionsByFlag.has(word)
  })
}
