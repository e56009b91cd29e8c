/** Analyses the sound of an `<audio>`. */
export interface Tap {
  /** Call in the handler of a click, because browsers start no audio context without one. */
  begin(): void
  /** Pauses the analysis. */
  rest(): void
  /** Undefined: not possible in this browser. */
  readonly analyser: AnalyserNode | undefined
}

/** Properties of browsers that TypeScript's library lacks. */
interface CapturableAudio extends HTMLAudioElement {
  /** Chromium: the sound, while the element goes on playing it (Media Capture from DOM Elements). */
  captureStream?(): MediaStream
  /** Used only to detect Firefox, where a call would divert the sound from the element. */
  mozCaptureStream?(): MediaStream
}

/** Analysis window, in samples: about 46 ms. */
const WINDOW_SAMPLES = 2048

/**
 * A plain `<audio>` must not be routed through Web Audio where that does harm: iOS stops it on the lock screen, and WebKit
 * returns silence for some streams. So Chromium's sound is analysed from a captured copy; Firefox's is routed through a
 * context, which Firefox keeps alive in the background; other browsers get no analysis.
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

/** The element has a new track for each new stream. */
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
