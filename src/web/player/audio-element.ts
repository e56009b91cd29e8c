import { createDelayKeeper } from './delay-keeper.ts'
import type { LiveClock } from './live-clock.ts'
import type { Playing, PlayingEvents } from './playing.ts'
import { tapSound } from './tap-sound.ts'

/** Interval between checks of the delay, in milliseconds. */
const LOOK_MS = 250
/** Time for which the connection is kept after a brief stop, in milliseconds. */
const BRIEF_MS = 60_000

/**
 * Plays the stream with a plain `<audio>`, which phones keep playing while they are locked.
 *
 *      line of time   ----[ began ]=========[ ear ]........[ newest ]---->
 *                            currentTime ----^   behind ----^
 *
 * The player requests a certain frame with a known timestamp, which gives the position of the audible sound on the line of
 * time. The error is about one frame (MP3 begins with one of silence) plus the network latency of the events. The buffer of
 * the sound card is not included.
 *
 * @param sound address of the stream.
 */
export function createAudioElement(
  audio: HTMLAudioElement,
  sound: string,
  live: LiveClock,
  events: PlayingEvents,
): Playing {
  const tap = tapSound(audio)
  const delay = createDelayKeeper(live)
  let looking: ReturnType<typeof setInterval> | undefined
  let releasing: ReturnType<typeof setTimeout>

  const earMs = () => audio.currentTime * 1000
  const look = () => {
    const { rate, jump } = delay.pace(earMs(), audio.playbackRate)
    if (audio.playbackRate !== rate) audio.playbackRate = rate
    if (jump) begin()
  }
  const begin = () => {
    clearTimeout(releasing)
    const frame = delay.begin()
    audio.src = frame === undefined ? sound : `${sound}${sound.includes('?') ? '&' : '?'}at=${frame}`
    clearInterval(looking)
    looking = setInterval(look, LOOK_MS)
    // Other failures are reported as events.
    audio.play().catch((error: DOMException) => {
      if (error.name === 'NotAllowedError') events.refused()
    })
  }
  const release = () => {
    audio.removeAttribute('src')
    audio.load()
  }
  const on = (name: string, tell: () => void) => {
    // Events between `stop` and `start` are ignored.
    audio.addEventListener(name, () => looking !== undefined && tell())
  }
  on('playing', () => events.sounding())
  on('waiting', () => events.dry())
  on('ended', () => events.lost())
  on('error', () => events.lost())

  return {
    start() {
      delay.forget()
      begin()
      // Slow, and playback need not wait for it.
      tap.begin()
    },
    stop(isBrief = false) {
      clearInterval(looking)
      looking = undefined
      audio.pause()
      tap.rest()
      clearTimeout(releasing)
      if (isBrief) releasing = setTimeout(release, BRIEF_MS)
      else release()
    },
    setVolume(volume) {
      audio.volume = volume
      // The only control on phones that set the volume by their keys alone.
      audio.muted = volume === 0
    },
    toLive: begin,
    behindMs: () => delay.behindMs(earMs()),
    keptMs: () => delay.keptMs(),
    get analyser() {
      return tap.analyser
    },
  }
}
