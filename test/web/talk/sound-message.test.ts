import fc from 'fast-check'
import t from 'tap'
import { packSound, unpackSound } from '../../../src/web/talk/sound-message.ts'

const uint32 = fc.integer({ min: 0, max: 0xffffffff })

t.test('unpacks a packed message', async (t) => {
  const message = fc.record({
    codec: fc.constantFrom('pcm' as const, 'opus' as const),
    sequence: uint32,
    at: uint32,
    payload: fc.uint8Array({ minLength: 1, maxLength: 2_000 }).map((bytes) => new Uint8Array(bytes)),
  })
  fc.assert(
    fc.property(message, (sound) => {
      const unpacked = unpackSound(packSound(sound).buffer)
      return (
        unpacked !== undefined &&
        t.strictSame({ ...unpacked, payload: [...unpacked.payload] }, { ...sound, payload: [...sound.payload] })
      )
    }),
    { numRuns: 50 },
  )
})

t.test('packs the bytes that src/talk/protocol.ts describes', async (t) => {
  const packed = packSound({ codec: 'opus', sequence: 0x01020304, at: 0xfffefdfc, payload: new Uint8Array([9]) })
  t.strictSame([...packed], [1, 0, 0, 0, 1, 2, 3, 4, 0xff, 0xfe, 0xfd, 0xfc, 9])
})

t.test('continues numbers from zero when they no longer fit', async (t) => {
  const packed = packSound({ codec: 'pcm', sequence: 2 ** 32 + 1, at: 2 ** 32 + 960, payload: new Uint8Array(2) })
  t.match(unpackSound(packed.buffer), { sequence: 1, at: 960 })
})

t.test('rejects messages that are too short or in an unknown codec', async (t) => {
  t.equal(unpackSound(new ArrayBuffer(12)), undefined)
  t.equal(unpackSound(new Uint8Array([2, ...Array.from({ length: 20 }, () => 0)]).buffer), undefined)
})
