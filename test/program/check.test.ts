import t from 'tap'
import { configFiles } from '../config/file/config-files.ts'
import { run } from '../streamserve.ts'

t.test('-check accepts a valid command line, and opens nothing', async (t) => {
  const port = ['-address', '192.0.2.1:1', '-warm', '-exec', 'cat /nowhere/at/all']
  t.strictSame(await run([...port, '-check']), { code: 0, stdout: 'the command line has no errors\n', stderr: '' })
  const file = configFiles(t)('address 192.0.2.1:1\nexec cat /nowhere | cat\nwarm\n')
  t.strictSame(await run(['-check', '-config', file]), { code: 0, stdout: `${file} has no errors\n`, stderr: '' })
})

t.test('-check reports mistakes, line by line, with exit code 2', async (t) => {
  const file = configFiles(t)('address :1\nadress :1\nburst 5\n')
  const { code, stdout, stderr } = await run(['-check', '-config', file])
  t.match({ code, stdout }, { code: 2, stdout: '' })
  t.strictSame(stderr.split('\n'), [
    `streamserve: ${file}:2: -adress: no such flag; the nearest is -address`,
    `streamserve: ${file}:3: -burst "5": needs a unit, as in 30s or 150ms`,
    '',
  ])
  t.match(await run(['-check', '-frame-bytes', '0']), { code: 2, stderr: /^streamserve: -frame-bytes "0": .*\n$/ })
  t.match(await run(['-check', '-config', '/nowhere']), {
    code: 2,
    stderr: 'streamserve: /nowhere: no such file; -config needs a file of flags, or a directory with *.conf files\n',
  })
})

t.test('-check refuses a file that is empty or names nothing to read, with exit code 2', async (t) => {
  const file = configFiles(t)
  for (const content of ['', '\n# demo\n', 'name One\n']) {
    const path = file(content)
    const { code, stdout, stderr } = await run(['-check', '-config', path])
    t.match({ code, stdout }, { code: 2, stdout: '' })
    const why = content.startsWith('name')
      ? 'names no source; add exec, path, play, relay, publish or demo'
      : 'contains no flags'
    t.match(stderr, `streamserve: ${path}: ${why}`)
  }
  for (const [content, ...flags] of [['name One\n', '-demo'], ['talk\n'], ['path /dev/stdin\n']] as const) {
    t.match(await run(['-check', '-config', file(content), ...flags]), { code: 0, stderr: '' })
  }
})

t.test('-check says which streams cannot have HLS', async (t) => {
  const file = configFiles(t)('[/mic]\nexec cat\npcm cd\nhls\n[/radio]\nexec cat\nhls\n')
  const { code, stdout } = await run(['-check', '-config', file])
  t.equal(code, 0)
  t.match(stdout, `has no errors, and one warning:\n  ${file}:1: -hls: HLS has no segments of samples`)
})

t.test('does not start with a wrong file', async (t) => {
  const file = configFiles(t)('demo\naddress 127.0.0.1:0\nburst 5\n')
  t.match(await run(['-config', file]), { code: 2, stdout: '', stderr: /:3: -burst/ })
})

t.test('-check=false changes nothing', async (t) => {
  t.match(await run(['-check=false', '-frame-bytes', '0']), { code: 2 })
})
