import t from 'tap'
import { retryPause } from '../../src/web/shared/retry-pause.ts'

const pauses = (random: number) => Array.from({ length: 6 }, (_, losses) => retryPause(losses, random))

t.test('pauses double up to 3 s, and a random number shortens each by up to a quarter', (t) => {
  t.same(pauses(0), [250, 500, 1_000, 2_000, 3_000, 3_000])
  t.same(pauses(1), [187.5, 375, 750, 1_500, 2_250, 2_250])
  t.equal(retryPause(100_000, 0), 3_000, 'after days without a server')
  t.end()
})
