import { spawn } from 'node:child_process'
import { once } from 'node:events'
import t, { type Test } from 'tap'
import { helpText } from '../../src/config/help.ts'
import { demoBanner } from '../../src/program/demo-banner.ts'
import { installationOf } from '../../src/system/installation.ts'
import { needs } from '../programs.ts'
import { MAIN, PLAIN_NODE, plainEnvironment } from '../streamserve.ts'

const GREEN_LEVEL = '\u001b[32mINFO'

/** Starts the program on a terminal of its own. @returns the terminal's output until it matches `enough`, or until it exits */
async function shownOn(t: Test, flags: string, enough: RegExp, env: NodeJS.ProcessEnv = {}): Promise<string> {
  const command = [...PLAIN_NODE, MAIN, '-address 127.0.0.1:0', flags].join(' ')
  const { NO_COLOR: _, ...plain } = plainEnvironment()
  const terminal = spawn('script', ['-qfec', command, '/dev/null'], {
    stdio: ['ignore', 'pipe', 'inherit'],
    env: { ...plain, TERM: 'xterm', ...env },
  })
  const exited = once(terminal, 'exit')
  t.teardown(async () => {
    // The program ends with its terminal.
    terminal.kill('SIGKILL')
    await exited
  })
  let shown = ''
  for await (const chunk of terminal.stdout) {
    shown += String(chunk)
    if (enough.test(shown)) break
  }
  return shown.replaceAll('\r', '')
}

t.test('the demo shows its address and further commands on a terminal', { skip: needs('script') }, async (t) => {
  const shown = await shownOn(t, '-demo', /all flags\s+$/)
  t.match(shown, /Open http:\/\/127\.0\.0\.1:\d+\/ in a browser/)
  t.match(shown, '-exec "arecord -f cd --file-type raw"')
})

t.test('a log in JSON is only JSON, on a terminal too', { skip: needs('script') }, async (t) => {
  const shown = await shownOn(t, '-demo -talk -tls -log-format json -warm', /source opened[^\n]*\n/, {
    XDG_STATE_HOME: t.testdir(),
  })
  const lines = shown.trimEnd().split('\n')
  t.ok(lines.length >= 3)
  for (const line of lines) t.doesNotThrow(() => JSON.parse(line), line)
})

t.test(
  'levels have colours on a terminal, unless the user or the terminal disables them',
  { skip: needs('script') },
  async (t) => {
    t.match(await shownOn(t, '-demo', /listening[^\n]*\n/), GREEN_LEVEL)
    for (const env of [{ NO_COLOR: '1' }, { TERM: 'dumb' }])
      t.notMatch(await shownOn(t, '-demo', /listening[^\n]*\n/, env), '\x1b')
  },
)

t.test('help names documents that this installation has', async (t) => {
  t.match(helpText(false), 'README.md has recipes')
  t.match(helpText(true), 'man streamserve')
  t.notMatch(helpText(true), 'README')
})

t.test('the banner names commands that this installation has', async (t) => {
  const urls = ['http://[::]:8080', 'http://192.0.2.7:8080'] as const
  const cloned = demoBanner(...urls, installationOf('/home/a/streamserve/dist/src/system/installation.js', 'start'))
  t.match(cloned, 'npm start -- -help')
  t.match(cloned, 'Open http://localhost:8080/ in a browser')
  t.match(cloned, 'http://192.0.2.7:8080/')
  t.notMatch(cloned, 'systemctl')
  const npm = demoBanner(
    ...urls,
    installationOf('/usr/lib/node_modules/streamserve/dist/src/system/installation.js', undefined),
  )
  t.match(npm, '    streamserve -help')
  t.notMatch(npm, /npm start|systemctl/)
  const packaged = demoBanner(
    ...urls,
    installationOf('/usr/lib/streamserve/dist/src/system/installation.js', undefined),
  )
  for (const what of ['streamserve -help', 'systemctl', 'man streamserve', '/etc/streamserve/main.conf'])
    t.match(packaged, what)
  t.notMatch(packaged, /npm|README/)
  const archive = (path: string) =>
    demoBanner(...urls, installationOf('/opt/s/lib/streamserve/main.js', undefined, path))
  t.match(archive('./s/bin/streamserve'), '    ./s/bin/streamserve -help')
  t.match(archive("/the radio's/bin/streamserve"), `    '/the radio'\\''s/bin/streamserve' -help`)
  t.notMatch(archive('./s/bin/streamserve'), /npm|systemctl/)
})
