import fc from 'fast-check'
import t from 'tap'
import { reportJson, reportText } from '../../src/probe/report-text.ts'
import { adtsFrames, mpegFrames, noise, reservoirFrames } from '../filters/made-up.ts'
import { opusPages } from '../filters/ogg/made-up-ogg.ts'
import { type Arrival, reportOn } from './received.ts'

/** Beginnings of streams, which are then cut, doubled and mixed. */
const PARTS: readonly Buffer[] = [
  ...mpegFrames(8, 1),
  ...reservoirFrames(12, 2),
  ...adtsFrames(6, 1),
  ...opusPages(6),
  Buffer.from('fLaC\0\0\0\x22', 'latin1'),
  Buffer.from(
    'RIFF\xff\xff\xff\xffWAVEfmt \x10\0\0\0\x01\0\x02\0\x44\xac\0\0\x10\xb1\x02\0\x04\0\x10\0data\xff\xff\xff\xff',
    'latin1',
  ),
  Buffer.from('#EXTM3U\n#EXT-X-VERSION:3\n'),
  Buffer.alloc(3_000),
  noise(3_000, 1),
]

const piece = fc.oneof(
  fc.constantFrom(...PARTS),
  fc.tuple(fc.constantFrom(...PARTS), fc.nat(400)).map(([part, at]) => part.subarray(at)),
  fc.uint8Array({ maxLength: 200 }).map((bytes) => Buffer.from(bytes)),
)
const arrivals = fc.array(fc.tuple(fc.nat(900), piece, fc.string()), { maxLength: 60 })

t.test('no bytes make it throw, and each report has one verdict in one line', (t) => {
  const verdict = /^(?:good|faulty|nothing to hear): [^|\n]+$/
  fc.assert(
    fc.property(arrivals, fc.boolean(), (pieces, hasEnded) => {
      let at = 0
      const received = pieces.map(([delay, bytes, title]): Arrival => [(at += delay), bytes, title])
      const end = hasEnded ? ({ kind: 'ended', reason: undefined } as const) : ({ kind: 'time' } as const)
      const report = reportOn(received, { end, listenedMs: at + 100 })
      const [first = '', ...others] = reportText(report).split('\n')
      const parsed = JSON.parse(reportJson(report)) as { exitCode: number; summary: string }
      return (
        verdict.test(first) &&
        others.every((line) => /^ {2}\w+ +\S/.test(line)) &&
        parsed.exitCode === { good: 0, faulty: 1, 'nothing to hear': 2 }[report.verdict] &&
        report.faults.length > 0 === (report.exitCode === 1)
      )
    }),
    { numRuns: 300 },
  )
  t.end()
})
