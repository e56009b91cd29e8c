/** A look at what an `<audio>` plays. */
export interface Tap {
  /** Called in a click, for nothing that makes sound may begin without one. */
  begin(): void
  /** There is nothing to look at for now. */
  rest(): void
  /** Undefined: there is nothing to be seen here. */
  readonly analyser: AnalyserNode | undefined
}

/** What browsers have besides what TypeScript's library knows. */
interface CapturableAudio extends HTMLAudioElement {
  /** Chromium: the sound, while the element goes on playing it (Media Capture from DOM Elements). */
  captureStream?(): MediaStream
  /** Only asked for to know Firefox, where it takes the sound away from the element. */
  mozCaptureStream?(): MediaStream
}

/** About 46 ms. */
const WINDOW_SAMPLES = 2048

/**
 * Web Audio must not stand between a plain `<audio>` and the ear where it does harm: iOS stops it on the lock screen, and WebKit
 * gives silence for some streams. So Chromium's sound is looked at from beside; Firefox's goes through a context, which it
 * keeps alive in the background; anywhere else there is no look at it.
 */
export function tapSound(audio: CapturableAudio): Tap {
  let context: AudioContext | undefined
  let analyser: AnalyserNode | undefined
  const begin = () => {
    const isBeside = audio.captureStream !== undefined
    if (context !== undefined || (!isBeside && audio.mozCaptureStream === undefined)) return
    context = new AudioContext()
    analyser = new AnalyserNode(context, { fftSize: WINDOW_SAMPLES })
    if (isBeside) lookFromBeside(audio, context, analyser)
    else passThrough(audio, context, analyser)
  }
  return {
    begin() {
      begin()
      void context?.resume()
    },
    rest: () => void context?.suspend(),
    get analyser() {
      return analyser
    },
  }
}

/** Each time the element begins with another stream there is another track. */
function lookFromBeside(audio: CapturableAudio, context: AudioContext, analyser: AnalyserNode): void {
  let source: AudioNode | undefined
  const connect = () => {
    const stream = audio.captureStream?.()
    if (stream === undefined || stream.getAudioTracks().length === 0) return
    source?.disconnect()
    source = new MediaStreamAudioSourceNode(context, { mediaStream: stream })
    source.connect(analyser)
  }
  audio.addEventListener('playing', connect)
}

function passThrough(audio: HTMLAudioElement, context: AudioContext, analyser: AnalyserNode): void {
  new MediaElementAudioSourceNode(context, { mediaElement: audio }).connect(analyser).connect(context.destination)
}
