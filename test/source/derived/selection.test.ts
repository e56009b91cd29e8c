import t from 'tap'
import type { StreamListener, StreamPiece } from '../../../src/source/derived/listen.ts'
import { Selection } from '../../../src/source/derived/selection.ts'
import type { Side, SideStart } from '../../../src/source/derived/side.ts'
import { SourceError } from '../../../src/source/source.ts'
import { keepLog } from '../../kept-log.ts'
import { createManualClock } from '../../manual-clock.ts'

const AFTER_MS = 1000
const FRAME_MS = 26
const NO_DESCRIPTION = { name: undefined, description: undefined, genre: undefined, url: undefined }

/** A side whose frames the test writes. */
class HandSide implements Side {
  readonly kind = 'stream'
  readonly contentType = 'audio/mpeg'
  readonly about = NO_DESCRIPTION
  readonly frameMs = FRAME_MS
  readonly absence = undefined
  format: string | undefined
  isFinished = false
  quietMs: number | undefined
  readonly starts: SideStart[] = []
  listeners = 0
  #newest: { pieces: StreamPiece[]; over: StreamListener['over']; changed: () => void } | undefined

  constructor(format?: string) {
    this.format = format
  }

  listen(start: SideStart, changed: () => void): StreamListener {
    const state = { pieces: [] as StreamPiece[], over: undefined as StreamListener['over'], changed }
    this.#newest = state
    this.starts.push(start)
    this.listeners++
    const left = () => {
      this.listeners--
    }
    return {
      about: this.about,
      get hasPieces() {
        return state.pieces.length > 0
      },
      get over() {
        return state.over
      },
      take: () => state.pieces.shift(),
      leave: left,
    }
  }

  write(text: string, format = 'MP3'): void {
    this.format = format
    this.#newest?.pieces.push({ bytes: Buffer.from(text), title: undefined })
    this.#newest?.changed()
  }

  end(): void {
    if (this.#newest !== undefined) this.#newest.over = { reason: 'another format', isRefusal: false }
    this.#newest?.changed()
  }
}

/** A selection of a source and two fallbacks, which is open. */
function open() {
  const clock = createManualClock()
  const log = keepLog()
  const own = new HandSide()
  const sides = { first: new HandSide(), second: new HandSide() }
  const find = async (name: string) => {
    if (name === 'missing') throw new SourceError('there is none')
    return name === 'first' ? sides.first : sides.second
  }
  const selection = new Selection(
    { own, others: ['missing', 'first', 'second'], find },
    AFTER_MS,
    clock,
    log.logger,
    () => {},
  )
  selection.open()
  return { clock, log, own, ...sides, selection }
}

t.test('uses the first fallback exactly when the source has had no sound for the time', async (t) => {
  const { clock, own, first, second, selection } = open()
  own.write('a')
  t.equal(selection.current?.name, undefined)
  await clock.advance(AFTER_MS + FRAME_MS - 1)
  t.same(first.starts, [])
  await clock.advance(1)
  t.same(first.starts, ['next'])
  t.equal(selection.current, undefined)
  first.write('f')
  t.equal(selection.current?.name, 'first')
  await clock.advance(10 * AFTER_MS)
  t.same(second.starts, ['next'], 'a fallback that falls silent is followed by the next one')
})

t.test('begins a running fallback with a burst of the silence', async (t) => {
  const { clock, own, first } = open()
  first.quietMs = 20
  own.write('a')
  await clock.advance(AFTER_MS + FRAME_MS)
  t.same(first.starts, [{ burstMs: AFTER_MS }])
})

t.test('stays with a source that has frames in time', async (t) => {
  const { clock, own, first } = open()
  for (let i = 0; i < 20; i++) {
    own.write('a')
    await clock.advance(AFTER_MS)
  }
  t.same(first.starts, [])
  t.same(own.starts, ['default'])
})

t.test('is back with the next frame of the source, and leaves the fallback', async (t) => {
  const { clock, log, own, first, second, selection } = open()
  own.write('a')
  await clock.advance(AFTER_MS + FRAME_MS)
  first.write('f')
  t.same(own.starts, ['default', 'next'])
  own.write('b')
  t.equal(selection.current?.name, undefined)
  t.equal(selection.current?.take()?.bytes.toString(), 'b')
  t.same([own.listeners, first.listeners, second.listeners], [1, 0, 0])
  t.same(
    log
      .lines()
      .filter((line) => line.includes('fallback'))
      .slice(-2),
    ['info fallback started', 'info fallback ended'],
  )
})

t.test('tries the next fallback when one does not begin, and refuses another format once', async (t) => {
  const { clock, log, own, first, second, selection } = open()
  own.write('a')
  await clock.advance(AFTER_MS + FRAME_MS)
  first.write('f', 'AAC')
  await clock.advance(AFTER_MS)
  t.equal(first.listeners, 0)
  second.write('s')
  t.equal(selection.current?.name, 'second')
  t.equal(log.lines().filter((line) => line === 'warning fallback refused').length, 1)
})

t.test('connects again to a source that goes on with another format', async (t) => {
  const { clock, own, first, selection } = open()
  own.write('a')
  const before = selection.current
  own.end()
  t.not(selection.current, before)
  t.same(own.starts, ['default', 'next'])
  own.write('b', 'AAC')
  t.equal(selection.current?.take()?.bytes.toString(), 'b')
  await clock.advance(10)
  t.same(first.starts, [])
})

t.test('leaves all sides when it is closed', async (t) => {
  const { clock, own, first, second, selection } = open()
  own.write('a')
  await clock.advance(2 * AFTER_MS)
  selection.close()
  t.same([own.listeners, first.listeners, second.listeners], [0, 0, 0])
  await clock.advance(10 * AFTER_MS)
  t.same([own.listeners, first.listeners, second.listeners], [0, 0, 0])
})

t.test('leaves a fallback that is replaced by others, and keeps one that is among them', async (t) => {
  const { clock, log, own, first, second, selection } = open()
  own.write('a')
  await clock.advance(AFTER_MS + FRAME_MS)
  first.write('f')
  selection.useOthers(['second', 'first'])
  t.equal(selection.current?.name, 'first')
  selection.useOthers(['second'])
  t.equal(selection.current, undefined)
  t.match(log.records.at(-1)?.properties, { fallback: 'first', reason: 'another fallback is set' })
  await clock.advance(0)
  second.write('s')
  t.equal(selection.current?.name, 'second')
  own.write('b')
  t.equal(selection.current?.name, undefined)
})
