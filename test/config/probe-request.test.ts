import t from 'tap'
import { asksForProbe } from '../../src/config/probe-request.ts'

t.test('a command line asks for a probe, whatever else is wrong in it', (t) => {
  for (const words of ['-probe http://a/', '--probe http://a/', '-bogus -probe', '-probe=http://a/ -bogus']) {
    t.ok(asksForProbe(words.split(' ')), words)
  }
  for (const words of ['', '-probes', '-name probe', '-exec player -probe'])
    t.notOk(asksForProbe(words.split(' ')), words)
  t.end()
})
