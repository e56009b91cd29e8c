import type { PlayerNews, SentNews } from '../../endpoints/player/player-news.ts'
import { element } from '../shared/element.ts'
import { loadPart } from '../shared/load-part.ts'
import { ServerEvents } from '../shared/server-events.ts'
import { createAudibleTitles } from './audible-titles.ts'
import { AudioElement } from './audio-element.ts'
import { connectVolume, createLowSwitch, showElsewhere } from './controls.ts'
import { createCover } from './cover.ts'
import { createHeardDelay } from './heard-delay.ts'
import type { HlsFallback } from './hls.part.ts'
import { Keeper } from './keep-playing.ts'
import { createLastTitles } from './last-titles.ts'
import { createLiveClock } from './live-clock.ts'
import { createLockScreen } from './lock-screen.ts'
import { LowPlayer } from './low.ts'
import { createPastTitles } from './past-titles.ts'
import { askForRefusal } from './refusal.ts'
import type { RewindControls } from './rewind.part.ts'
import { connectShare } from './share.ts'
import type { StreamPlayer } from './stream-player.ts'
import { tapSound } from './tap-sound.ts'
import { createView } from './view.ts'

/** Silence after which the server counts as lost, in milliseconds; with many listeners it sends an event every 3 s. */
const SILENCE_MS = 9_000
/** Interval between updates of the display, in milliseconds. */
const SHOW_MS = 250
/** States without anything to play, in which requests are useless. */
const WAITING: ReadonlySet<PlayerNews['state'] | undefined> = new Set(['absent', 'ended', 'off-air', 'silent'])

const { dataset } = element('main', HTMLElement)
const { stream = '/', sound = '/', events = '', carried = '', name = '', picture = '', share = '' } = dataset
const playlist = document.querySelector<HTMLLinkElement>('#hls')?.href
const clip = document.querySelector<HTMLElement>('#rewind')?.dataset['clip']
const audio = element('audio', HTMLAudioElement)
const live = createLiveClock()
const past = createPastTitles()
const titles = createAudibleTitles()
const heard = createHeardDelay()
const cover = createCover(picture)
const lastTitles = createLastTitles((at) => goTo(at, true))
const view = createView(name, clip === undefined ? 'Stop' : 'Pause')

let news: PlayerNews | undefined
let isLost = false
let rewind: RewindControls | undefined
let hls: HlsFallback | undefined

const keeper = new Keeper(
  () => WAITING.has(news?.state),
  () => askForRefusal(sound),
  show,
)
const tap = tapSound(audio)
const plain = new AudioElement(audio, sound, live, tap, keeper)
const low = new LowPlayer(stream, carried, keeper)
let player: StreamPlayer = plain
use(player)

const lowSwitch = createLowSwitch((isLow) => {
  use(isLow ? low : (hls?.player ?? plain))
})
connectVolume((volume) => {
  for (const one of [plain, low]) one.setVolume(volume)
})
showElsewhere(sound)
connectShare(share, name)

const lockScreen = createLockScreen({
  play: () => keeper.play(),
  pause: () => keeper.stop(true),
  stop: () => keeper.stop(),
})
view.play.addEventListener('click', () => {
  if (keeper.state === 'stopped' || keeper.state === 'refused') keeper.play()
  else keeper.stop()
})
view.toLive.addEventListener('click', toLive)

if (clip !== undefined) void addRewindControls(clip)
if (playlist !== undefined) void addHls(playlist)

new ServerEvents<SentNews>(events, {
  silenceMs: SILENCE_MS,
  news(sent) {
    const next = past.complete(sent, performance.now())
    const isBack = WAITING.has(news?.state) || news === undefined
    news = next
    isLost = false
    live.update(next.time, performance.now(), next.rewind)
    titles.update(next)
    lastTitles.update(next)
    hls?.follow(next)
    if (isBack && !WAITING.has(next.state)) keeper.retry()
    show()
  },
  lost() {
    news = undefined
    isLost = true
    live.update(undefined, performance.now())
    show()
  },
}).connect()
setInterval(show, SHOW_MS)

function show(): void {
  const { contentType = '', format = '' } = news ?? {}
  const behindMs = player.behindMs()
  const isStarted = keeper.state !== 'stopped' && keeper.state !== 'refused'
  const heardMs = heard.update(behindMs, isStarted)
  const newest = live.expected(performance.now())
  const title = titles.at(newest === undefined || heardMs === undefined ? undefined : newest - heardMs)
  const keptMs = player.keptMs()
  const situation = {
    play: keeper.state,
    stream: news?.state,
    refusal: keeper.refusal,
    isLost,
    isCatchingUp: player === plain && audio.playbackRate > 1,
    isBehind: heardMs !== undefined && keptMs === undefined,
    isPlayable: contentType === '' || audio.canPlayType(contentType) !== '',
  }
  const newestTitle = news?.title?.text ?? ''
  const artwork = cover.show(news?.pictures, newestTitle, title)
  view.show({
    situation,
    title,
    format: [format, hls?.note].filter(Boolean).join(' · '),
    listeners: news?.listeners,
    behindMs,
    keptMs,
    analyser: player.analyser,
  })
  rewind?.show({ rewind: news?.rewind, newest, behindMs: heardMs, isPossible: player !== low })
  lowSwitch.offer(contentType === 'audio/wav')
  lockScreen.show({ title, station: name, picture: artwork }, keeper.state !== 'stopped')
  lastTitles.show(heardMs ?? 0, player !== low)
}

function goTo(at: number, plays: boolean): void {
  if (player !== plain) use(plain)
  plain.goTo(at)
  if (plays && keeper.state === 'stopped') keeper.play()
}

async function addRewindControls(clips: string): Promise<void> {
  const { createRewindControls } = await loadPart<typeof import('./rewind.part.ts')>('rewind')
  rewind = createRewindControls(clips, { goTo, toLive })
}

function toLive(): void {
  heard.forget()
  player.toLive()
}

function use(next: StreamPlayer): void {
  player = next
  keeper.use(next)
}

async function addHls(address: string): Promise<void> {
  const part = await loadPart<typeof import('./hls.part.ts')>('hls')
  hls = new part.HlsFallback({ audio, playlist: address, tap, events: keeper, live, change: replacePlain })
  keeper.watch(hls)
}

/** Low delay stays, because the listener has chosen it. */
function replacePlain(better: StreamPlayer = plain): void {
  if (player !== low) use(better)
}
