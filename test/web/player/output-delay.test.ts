import t from 'tap'
import { outputMs } from '../../../src/web/player/output-delay.ts'

t.test('is what the browser reports of itself and the system', async (t) => {
  t.equal(outputMs({ baseLatency: 0.01, outputLatency: 0.05 }, false), 50)
  t.equal(outputMs({ baseLatency: 0.01, outputLatency: 0 }, false), 10, 'or of itself alone')
})

t.test('is never computed by Firefox, whose page may hang then', async (t) => {
  const context = {
    baseLatency: 0.01,
    get outputLatency(): number {
      throw new Error('read')
    },
  }
  t.equal(outputMs(context, true), 10)
})
