import { type ChildProcess, spawn, spawnSync } from 'node:child_process'
import { once } from 'node:events'
import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import t from 'tap'
import { needs } from '../programs.ts'
import { MAIN, plainEnvironment } from '../streamserve.ts'

const PYTHON = '/usr/bin/python3'
/** A network of its own, in which packets to a group come back to their sender. */
const NETWORK = `set -e
ip link set lo up
ip link add net0 type dummy 2>/dev/null || { ip link add net0 type veth peer name net1; ip link set net1 up; }
ip address add 10.99.0.1/24 dev net0
ip link set net0 up
ip route add 224.0.0.0/4 dev net0`
/** Prints the services that come and go, by python-zeroconf. */
const BROWSER = `
import sys
from zeroconf import IPVersion, ServiceBrowser, Zeroconf
class Printer:
    def add_service(self, browser, kind, name):
        info = browser.get_service_info(kind, name, 10000)
        print('added', name.split('.')[0], info.parsed_addresses()[0], info.port, info.properties[b'path'].decode(), flush=True)
    def remove_service(self, browser, kind, name):
        print('removed', name.split('.')[0], flush=True)
    def update_service(self, browser, kind, name):
        pass
browser = Zeroconf(interfaces=['10.99.0.1'], ip_version=IPVersion.V4Only)
ServiceBrowser(browser, '_http._tcp.local.', Printer())
sys.stdin.read()
`

function lacking(): false | string {
  if (process.getuid?.() !== 0) return 'needs root'
  if (spawnSync(PYTHON, ['-c', 'import zeroconf']).status !== 0) return 'needs python3-zeroconf'
  const { status } = spawnSync('unshare', ['-n', 'sh', '-c', NETWORK])
  return status !== 0 && 'needs a network of its own'
}

/** Returns a function that waits for a line of a program. */
function linesOf({ stdout }: ChildProcess): (pattern: RegExp) => Promise<string> {
  let lines = ''
  let wake: (() => void) | undefined
  stdout?.on('data', (chunk: Buffer) => {
    lines += chunk.toString()
    wake?.()
  })
  stdout?.on('end', () => wake?.())
  return async (pattern) => {
    for (;;) {
      const [found] = pattern.exec(lines) ?? []
      if (found !== undefined) return found
      if (stdout === null || stdout.readableEnded) throw new Error(`no ${pattern} in ${lines}`)
      await new Promise<void>((resolve) => (wake = resolve))
    }
  }
}

const skip = needs('unshare', 'nsenter', 'ip') || lacking()

t.test('mDNS: browsers find the streams that are not hidden, and notice what changes', { skip }, async (t) => {
  const folder = t.testdir()
  const file = join(folder, 'x.conf')
  const station = (kitchen: string) =>
    writeFileSync(file, `name Night Radio\n[/a b]\ndemo\nname ${kitchen}\n[/b]\ndemo\n[/c]\ndemo\nhidden\n`)
  station('Küche')
  const start = (words: readonly string[], stdin: 'pipe' | 'ignore') => {
    const child = spawn('nsenter', ['-n', '-t', String(network.pid), ...words], {
      stdio: [stdin, 'pipe', 'inherit'],
      env: plainEnvironment(),
    })
    t.teardown(() => child.kill('SIGKILL'))
    return child
  }
  const network = spawn('unshare', ['-n', 'sh', '-c', `${NETWORK}\necho ready\nexec cat`], {
    stdio: ['pipe', 'pipe', 'inherit'],
  })
  t.teardown(() => network.kill('SIGKILL'))
  await linesOf(network)(/ready/)
  const browser = linesOf(start([PYTHON, '-c', BROWSER], 'pipe'))
  const program = start([process.execPath, MAIN, '-address', ':8080', '-config', file, '-mdns'], 'ignore')
  const logged = linesOf(program)
  t.ok(await browser(/added Küche 10\.99\.0\.1 8080 \/a%20b/))
  t.ok(await browser(/added Night Radio 10\.99\.0\.1 8080 \/b/))
  await logged(/mDNS announcement started stream="\/a b" name="Küche"/)
  station('Cellar')
  program.kill('SIGHUP')
  t.ok(await browser(/removed Küche/))
  t.ok(await browser(/added Cellar 10\.99\.0\.1 8080 \/a%20b/))
  program.kill('SIGTERM')
  t.ok(await browser(/removed Night Radio/), 'the end of the program is announced')
  t.ok(await browser(/removed Cellar/))
  if (program.exitCode === null) await once(program, 'exit')
  t.equal(program.exitCode, 0)
})
