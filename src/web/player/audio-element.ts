import { createDelayKeeper } from './delay-keeper.ts'
import type { LiveClock } from './live-clock.ts'
import type { Playing, PlayingEvents } from './playing.ts'
import { tapSound } from './tap-sound.ts'

/** Between two looks at the delay, in milliseconds. */
const LOOK_MS = 250
/** After a brief stop the connection is kept for so long, in milliseconds. */
const BRIEF_MS = 60_000

/**
 * Plays by a plain `<audio>`: what a phone goes on playing when it is locked.
 *
 *      line of time   ----[ began ]=========[ ear ]........[ newest ]---->
 *                            currentTime ----^   behind ----^
 *
 * The server is asked for a certain frame, whose moment is known, so that what is heard has a place on the line of time. That
 * is right to about a frame (MP3 begins with one of silence) and the way of the news over the network. What the sound card
 * holds is not in it.
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
    // Other failures come as events.
    audio.play().catch((error: DOMException) => {
      if (error.name === 'NotAllowedError') events.refused()
    })
  }
  const release = () => {
    audio.removeAttribute('src')
    audio.load()
  }
  const on = (name: string, tell: () => void) => {
    // Between `stop` and `start` nobody is interested.
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
      // It takes a while, and the sound need not wait for it.
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
      // All that there is on phones that leave the volume to their keys.
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
