import t from 'tap'
import { hlsText, hlsWay, prefersHls } from '../../../src/web/player/hls-way.ts'

const SAFARI = { vendor: 'Apple Computer, Inc.', playsHls: true, hasMediaSource: true }
const OLD_IPHONE = { ...SAFARI, hasMediaSource: false }
const CHROMIUM = { vendor: 'Google Inc.', playsHls: false, hasMediaSource: true }
const NEW_CHROMIUM = { ...CHROMIUM, playsHls: true }
const FIREFOX = { vendor: '', playsHls: false, hasMediaSource: true }

t.test('Safari plays the segments of all formats except MP3 by itself, from the beginning', async (t) => {
  for (const type of ['audio/aac', 'audio/flac', 'audio/ogg']) {
    t.equal(hlsWay(SAFARI, type), 'native', type)
    t.equal(prefersHls(SAFARI, type), true, type)
  }
})

t.test('Safari plays an endless response of MP3, and with hls.js when that fails', async (t) => {
  t.equal(prefersHls(SAFARI, 'audio/mpeg'), false)
  t.equal(hlsWay(SAFARI, 'audio/mpeg'), 'library')
  t.equal(hlsWay(OLD_IPHONE, 'audio/mpeg'), 'native', 'without what hls.js needs')
})

t.test('other browsers play endless responses, and use hls.js when these fail', async (t) => {
  for (const browser of [CHROMIUM, NEW_CHROMIUM, FIREFOX]) {
    t.equal(prefersHls(browser, 'audio/aac'), false)
    t.equal(hlsWay(browser, 'audio/aac'), 'library')
  }
})

t.test('nothing is preferred before the format is known', async (t) => {
  t.equal(prefersHls(SAFARI, ''), false)
})

t.test('says why HLS is used', async (t) => {
  t.equal(hlsText('cut'), 'plays in pieces (HLS), because the connection was cut')
  t.match(hlsText('held-up'), 'because its sound did not arrive')
  t.equal(hlsText(undefined), 'plays in pieces (HLS)')
})
