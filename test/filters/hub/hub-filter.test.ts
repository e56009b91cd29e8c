import { deepStrictEqual } from 'node:assert/strict'
import fc from 'fast-check'
import t from 'tap'
import { createAuto } from '../../../filters/auto/auto.ts'
import { createHubFilter } from '../../../filters/hub/hub-filter.ts'
import { encodeMessage, type HubFrame, type HubKey, type HubMessage } from '../../../filters/hub/message.ts'
import { createMp3 } from '../../../filters/mpeg/mp3.ts'
import { createRaw } from '../../../filters/raw.ts'
import { FILTERS } from '../../../filters/table.ts'
import { Ring } from '../../../src/ring/ring.ts'
import { mpegFrames, noise, reservoirFrames } from '../made-up.ts'
import { framed } from '../ogg/encoded-ogg.ts'
import { cut, DEFAULTS, runFilter, summary } from '../run-filter.ts'
import { EPOCH, messagesOf } from './messages-of.ts'

const create = createHubFilter(createAuto)
const mp3 = framed(createMp3, Buffer.concat(reservoirFrames(40, 1)))
const messages = messagesOf({ ...mp3, name: 'mp3' })

function run(sent: readonly HubMessage[], sizes?: readonly number[]) {
  const bytes = Buffer.concat(sent.map(encodeMessage))
  return runFilter(create, sizes === undefined ? [bytes] : cut(bytes, sizes))
}

await t.test('other bytes than messages go through the other filter unchanged', (t) => {
  const stream = Buffer.concat(mpegFrames(8, 1))
  for (const bytes of [stream, noise(20_000, 3), Buffer.from('SSF'), Buffer.from('SS'), Buffer.alloc(0)]) {
    const expected = summary(runFilter(createAuto, [bytes]))
    t.strictSame({ ...summary(runFilter(create, [bytes])), contentType: expected.contentType }, expected)
    t.strictSame(summary(runFilter(create, cut(bytes, [1]))), summary(runFilter(create, [bytes])))
  }
  const filter = create(DEFAULTS)
  t.equal(filter.contentType, undefined, 'not known before the first bytes')
  filter.push(noise(300, 5), () => {})
  filter.settle?.(() => {})
  t.equal(filter.contentType, 'application/octet-stream')
  t.equal(filter.mark, undefined)
  t.end()
})

await t.test('chunks make no difference', (t) => {
  const sizes = fc.array(fc.integer({ min: 1, max: 3000 }), { minLength: 1, maxLength: 5 })
  const property = fc.property(sizes, fc.nat(messages.length - 1), (sizes, from) => {
    deepStrictEqual(summary(run(messages.slice(from), sizes)), summary(run(messages.slice(from))))
  })
  t.doesNotThrow(() => fc.assert(property, { numRuns: 50 }))
  t.end()
})

await t.test('the mark is that of the first emitted frame', (t) => {
  for (const [from, message] of messages.entries()) {
    const { frames, filter } = run(messages.slice(from))
    const extra = frames.length - (mp3.ring.next - message.seq)
    const extraUs = frames.slice(0, extra).reduce((sum, { durationUs }) => sum + durationUs, 0)
    t.equal(extra, message.key?.preamble?.length === 0 ? 0 : 1)
    t.same(filter.mark, {
      id: EPOCH,
      seq: message.seq - extra,
      extra,
      us: message.us - extraUs,
      beganAt: message.epochBeganAt,
      header: Buffer.alloc(0),
    })
  }
  t.equal(run(messages).filter.mark?.us, 0)
  t.end()
})

await t.test('titles are those of the messages', (t) => {
  const [first, second] = messages as [HubMessage, HubMessage]
  const [one, { bytes, durationUs }, ...others] = second.frames as [HubFrame, HubFrame, ...HubFrame[]]
  const titled = { ...second, frames: [one, { bytes, durationUs, title: 'news' }, ...others] }
  const { frames } = run([first, titled])
  t.same(
    frames.map(({ title }) => title),
    ['title 0', undefined, undefined, undefined, 'news', undefined],
  )
  t.end()
})

await t.test('begins only with a key with which a listener can begin', (t) => {
  const [first, second] = messages as [HubMessage & { readonly key: HubKey }, HubMessage]
  for (const key of [undefined, { ...first.key, preamble: null }]) {
    const { frames, filter } = run([{ ...first, key }, second])
    t.equal(frames.length, 0)
    t.equal(filter.refusal, 'hub: the first message has no key')
  }
  for (const name of ['auto', 'unheard-of']) {
    const { frames, filter } = run([{ ...first, key: { ...first.key, filter: name } }])
    t.equal(frames.length, 0)
    t.equal(filter.refusal, `hub: no filter "${name}" is known here`)
  }
  t.end()
})

await t.test('messages that do not follow are not emitted', (t) => {
  const [a, b, c] = messages as [HubMessage, HubMessage, HubMessage]
  const twice = run([a, b, a, b, c])
  t.equal(twice.frames.length, 9, 'a message that comes twice')
  t.equal(twice.filter.refusal, undefined)
  t.match(twice.filter.complaint, /does not follow/)
  t.equal(
    twice.skippedBytes,
    [...a.frames, ...b.frames].reduce((sum, { bytes }) => sum + bytes.length, 0),
  )
  const gap = run([a, c])
  t.equal(gap.frames.length, 3)
  t.equal(gap.filter.refusal, `hub: frame 6 of epoch ${EPOCH} does not follow frame 2 of epoch ${EPOCH}`)
  const other = run([a, { ...b, epoch: 'ffffffffffff' }])
  t.equal(other.frames.length, 3)
  t.match(other.filter.refusal, /of epoch ffffffffffff does not follow/)
  t.equal(run([a, { ...b, seq: b.seq - 1 }]).frames.length, 3, 'an overlap')
  t.end()
})

await t.test('a filter that does not find the frames of the origin ends the opening', (t) => {
  const [a, b, c] = messages as [HubMessage, HubMessage, HubMessage]
  for (const bytes of [
    noise(417, 1),
    noise(5, 1),
    Buffer.concat(mpegFrames(2, 1)),
    Buffer.concat(mpegFrames(1, 1)).subarray(1),
  ]) {
    const broken = run([
      a,
      { ...b, frames: [...b.frames.slice(0, 1), { bytes, durationUs: 1 }, ...b.frames.slice(2)] },
      c,
    ])
    t.equal(broken.filter.refusal, 'hub: the filter mp3 does not find the same frames as the origin')
    t.equal(broken.frames.length, 4)
  }
  t.end()
})

await t.test('frames of any bytes are those of the messages', (t) => {
  const ring = new Ring({ frames: 100 })
  for (let seed = 0; seed < 60; seed++) ring.push({ bytes: noise(30 + seed, seed), durationUs: 7 })
  const sent = messagesOf({ ring, filter: { ...createRaw(DEFAULTS), contentType: 'audio/x-own' }, name: 'raw' })
  const { frames, filter } = run(sent.slice(4))
  t.same(
    frames.map(({ bytes }) => bytes),
    sent.slice(4).flatMap((one) => one.frames.map(({ bytes }) => bytes)),
  )
  t.ok(frames.every(({ durationUs }) => durationUs === 7))
  t.equal(filter.contentType, 'audio/x-own')
  t.equal(filter.preamble?.(0, ring, true)?.length, 0)
  t.end()
})

await t.test('foreign bytes in frames never make it throw, whatever filter is asked for', (t) => {
  const frame = fc.oneof(
    fc.uint8Array({ minLength: 1, maxLength: 500 }).map((bytes) => Buffer.from(bytes)),
    fc.constantFrom(
      ...reservoirFrames(4, 2),
      Buffer.from('OggS'),
      Buffer.from('fLaC'),
      Buffer.from('RIFF....WAVEfmt '),
    ),
  )
  const foreign = fc.tuple(fc.constantFrom(...FILTERS.keys()), fc.array(frame, { minLength: 1, maxLength: 6 }), frame)
  const property = fc.property(foreign, ([name, frames, preamble]) => {
    const key = { filter: name, contentType: 'audio/x', format: 'x', header: preamble, preamble, title: 'x' }
    const all = frames.map((bytes) => ({ bytes, durationUs: 5 }))
    const sent = { epoch: EPOCH, epochBeganAt: 1, us: 1, sentAt: 1 }
    const outcome = run([
      { ...sent, seq: 5, frames: all, key },
      { ...sent, seq: 5 + all.length, frames: all, key: undefined },
    ])
    return outcome.frames.length === 0 || outcome.filter.mark !== undefined
  })
  t.doesNotThrow(() => fc.assert(property, { numRuns: 1000 }))
  t.end()
})
