import t from 'tap'
import type { Emit, Frame, FrameFilter, RingView } from '../../filters/frame-filter.ts'
import { GuardedFilter } from '../../filters/guarded-filter.ts'

const BYTES = Buffer.from('abc')
const FRAME: Frame = { bytes: BYTES, durationUs: 20_000 }
const RING: RingView = { first: 0, next: 1, at: () => FRAME }

/** A filter in JavaScript: `members` may be anything, and getters stay getters. */
function filterOf(members: object): FrameFilter {
  const filter = { contentType: 'text/plain', skippedBytes: 3, push: () => {}, end: () => {} }
  return Object.defineProperties(filter, Object.getOwnPropertyDescriptors(members))
}

function fail(): never {
  throw new Error('no idea\nof it')
}

/** Calls a filter as a stream does, in this order. @returns what it emitted, and what `push` threw */
function useAll(filter: GuardedFilter): { frames: Frame[]; thrown: unknown } {
  const frames: Frame[] = []
  const emit = (frame: Frame) => void frames.push(frame)
  let thrown: unknown
  try {
    filter.push(BYTES, emit)
  } catch (error) {
    thrown = error
  }
  filter.flush?.(emit)
  filter.settle?.(emit)
  for (const member of [
    'contentType',
    'skippedBytes',
    'format',
    'numbering',
    'description',
    'complaint',
    'refusal',
    'mark',
  ] as const) {
    void filter[member]
  }
  filter.preamble?.(0, RING, true, undefined)
  filter.silence?.(FRAME)
  filter.end(emit)
  return { frames, thrown }
}

const frameWith = (changes: object) => ({
  push: (_: Buffer, emit: (frame: unknown) => void) => emit({ ...FRAME, ...changes }),
})

const faults: readonly [what: string, members: object, message: string][] = [
  ['push throws', { push: fail }, 'push: no idea'],
  ['push throws nothing', { push: () => Promise.reject(undefined) }, 'push: has returned a promise'],
  ['flush throws', { flush: fail }, 'flush: no idea'],
  ['flush is not a function', { flush: true }, 'flush: is not a function'],
  [
    'a mark is not one',
    { mark: { id: '0123456789ab', seq: 0, extra: 0, us: Number.NaN } },
    'mark: is not a mark of an epoch',
  ],
  ['settle throws', { settle: fail }, 'settle: no idea'],
  ['settle is not a function', { settle: 1 }, 'settle: is not a function'],
  ['end throws', { end: fail }, 'end: no idea'],
  ['end is asynchronous', { end: async () => fail() }, 'end: has returned a promise'],
  ['preamble throws', { preamble: fail }, 'preamble: no idea'],
  ['preamble is not a function', { preamble: null }, 'preamble: is not a function'],
  ['a preamble is missing', { preamble: () => undefined }, 'preamble: has returned neither a Buffer nor null'],
  ['a preamble is a text', { preamble: () => 'x' }, 'preamble: has returned neither a Buffer nor null'],
  ['silence throws', { silence: fail }, 'silence: no idea'],
  ['silence is a number', { silence: () => 7 }, 'silence: a frame is not an object'],
  ['silence lasts less than no time', { silence: () => ({ ...FRAME, durationUs: -1 }) }, 'silence: the durationUs of'],
  ['the content type is a number', { contentType: 7 }, 'contentType: is not a line of text'],
  ['the content type has two lines', { contentType: 'a\r\nb: c' }, 'contentType: is not a line of text'],
  ['the skipped bytes are not a number', { skippedBytes: Number.NaN }, 'skippedBytes: is not a number of bytes'],
  ['the numbering is not known', { numbering: 'wav' }, 'numbering: is not the name of a numbered format'],
  ['the format is null', { format: null }, 'format: is not a line of text'],
  [
    'a frame is null',
    { push: (_: Buffer, emit: (f: unknown) => void) => emit(null) },
    'emit: a frame is not an object',
  ],
  ['a frame has no bytes', frameWith({ bytes: undefined }), 'emit: the bytes of a frame are not a Buffer'],
  ['the bytes are a text', frameWith({ bytes: 'abc' }), 'emit: the bytes of a frame are not a Buffer'],
  ['the bytes are an array', frameWith({ bytes: new Uint8Array(3) }), 'emit: the bytes of a frame are not a Buffer'],
  ['a frame lasts less than no time', frameWith({ durationUs: -1 }), 'emit: the durationUs of a frame is not a time'],
  ['a frame lasts for ever', frameWith({ durationUs: Infinity }), 'emit: the durationUs of a frame is not a time'],
  ['a frame has no duration', frameWith({ durationUs: undefined }), 'emit: the durationUs of a frame is not a time'],
  ['a title is a number', frameWith({ title: 7 }), 'emit: the title of a frame is not a text'],
]
const getters = [
  'contentType',
  'skippedBytes',
  'format',
  'description',
  'complaint',
  'refusal',
  'mark',
  'flush',
  'preamble',
  'silence',
]
const unreadable = getters.map((name) => {
  const members = Object.defineProperty({}, name, { get: fail, enumerable: true, configurable: true })
  return [`${name} cannot be read`, members, `${name}: no idea`] as const
})

for (const [what, members, message] of [...faults, ...unreadable]) {
  t.test(`fails with the name of the filter when ${what}`, async (t) => {
    const filter = new GuardedFilter('mine.js', filterOf(members))
    const { frames, thrown } = useAll(filter)
    t.ok(filter.failure?.startsWith(`filter mine.js: ${message}`), String(filter.failure))
    t.notMatch(filter.failure, /\n/)
    t.strictSame(frames, [])
    if (/^(push|emit)/.test(message)) t.match(thrown, { name: 'FilterError', message: filter.failure })
    t.throws(() => filter.push(BYTES, () => t.fail('it emits')), { name: 'FilterError' }, 'the next push fails')
  })
}

t.test('ignores a frame that is emitted between two chunks', async (t) => {
  const kept: Emit[] = []
  const push = (_: Buffer, emit: Emit) => {
    kept.push(emit)
    emit(FRAME)
  }
  const filter = new GuardedFilter('mine.js', filterOf({ push }))
  t.strictSame(useAll(filter).frames, [FRAME])
  t.equal(filter.failure, undefined)
  kept[0]?.(FRAME)
  t.equal(filter.failure, 'filter mine.js: emit: called outside of push, flush, settle and end')
})

t.test('reports the first failure for any thrown value', async (t) => {
  for (const [thrown, text] of [
    [undefined, 'undefined'],
    ['a text', 'a text'],
    [Symbol('s'), 'Symbol(s)'],
    [Object.create(null), 'an error that cannot be displayed'],
    [Object.assign(new Error('x'), { message: { toString: fail } }), 'an error that cannot be displayed'],
  ] as const) {
    const throwIt = () => {
      throw thrown
    }
    const filter = new GuardedFilter('mine.js', filterOf({ push: throwIt, end: fail }))
    useAll(filter)
    t.equal(filter.failure, `filter mine.js: push: ${text}`)
  }
})

t.test('returns what the filter returns, and has the same methods', async (t) => {
  const preamble = Buffer.from('before')
  const members = {
    description: 'lines of text',
    format: 'lines',
    complaint: 'none',
    refusal: 'not today',
    settle: (emit: (frame: Frame) => void) => emit(FRAME),
    preamble: () => preamble,
    silence: () => FRAME,
  }
  const filter = new GuardedFilter('mine.js', filterOf(members))
  t.match(filter, { contentType: 'text/plain', skippedBytes: 3, description: 'lines of text', format: 'lines' })
  t.match(filter, { complaint: 'none', refusal: 'not today', failure: undefined })
  t.equal(filter.preamble?.(0, RING, true), preamble)
  t.equal(filter.silence?.(FRAME), FRAME)
  t.strictSame(useAll(filter).frames, [FRAME])
  const bare = new GuardedFilter('mine.js', filterOf({}))
  t.strictSame([bare.settle, bare.preamble, bare.silence], [undefined, undefined, undefined])
})
