import { spawnSync } from 'node:child_process'
import t from 'tap'
import { firstSteps } from '../../src/program/first-steps.ts'
import { captureCards } from '../../src/system/capture-cards.ts'
import { needs } from '../programs.ts'
import { MAIN, PLAIN_NODE, plainEnvironment, run } from '../streamserve.ts'

const CLONE = { command: 'npm start --', isPackage: false }
const PACKAGE = { command: 'streamserve', isPackage: true }

t.test('a start without flags on a terminal says what to try', { skip: needs('script') }, async (t) => {
  const command = [...PLAIN_NODE, MAIN].join(' ')
  const { status, stdout } = spawnSync('script', ['-qefc', command, '/dev/null'], {
    encoding: 'utf8',
    env: plainEnvironment(),
  })
  t.equal(status, 2)
  t.match(stdout, 'streamserve -address :8080 -demo')
})

t.test('a start without flags and without a terminal is an error of one line', async (t) => {
  const { code, stderr, stdout } = await run([])
  t.equal(code, 2)
  t.equal(stdout, '')
  t.match(stderr, /^streamserve: standard input is empty \(\/dev\/null\): [^\n]* -demo[^\n]*\n$/)
})

t.test('names the commands of this installation, and its sound card', async (t) => {
  t.match(firstSteps(CLONE, []), 'npm start -- -address :8080 -exec "arecord -f cd --file-type raw"')
  t.notMatch(firstSteps(CLONE, []), 'man streamserve')
  const text = firstSteps(PACKAGE, [{ id: 'Device', name: 'USB Audio Device' }])
  t.match(text, 'the sound card "USB Audio Device"')
  t.match(text, 'arecord -D plughw:CARD=Device -f cd')
  t.match(text, 'man streamserve')
  t.ok(text.split('\n').every((line) => line.length <= 100))
})

t.test('finds the cards that have an input', async (t) => {
  const folder = t.testdir({
    cards:
      ' 0 [HDMI           ]: vc4-hdmi - vc4-hdmi-0\n                      vc4-hdmi-0\n 1 [Device         ]: USB-Audio - USB Audio Device\n                      C-Media\n',
    pcm: '00-00: MAI PCM i2s-hifi-0 : MAI PCM : playback 1\n01-00: USB Audio : USB Audio : playback 1 : capture 1\n',
  })
  t.strictSame(captureCards(folder), [{ id: 'Device', name: 'USB Audio Device' }])
  t.strictSame(captureCards(`${folder}/none`), [])
})
