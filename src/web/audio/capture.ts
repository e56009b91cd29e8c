/**
 * Sound from a microphone, in blocks: mono, at one rate, whatever the device and the context run at.
 *
 *     microphone --> node --> worklet: [ resampler ][ block ] --> onBlock
 *                     '--> meters
 */
import { urlAt } from '../shared/url-at.ts'
import type { CapturedBlock, CaptureProcessorOptions } from './capture-messages.ts'
import { askForMicrophone } from './microphone.ts'

/** How sound is captured. */
export interface CaptureOptions {
  /** Of the blocks, in Hz. */
  readonly rate: number
  /** How long a block lasts, in milliseconds. */
  readonly blockMs: number
  /** Echo, noise and uneven loudness are taken away: right for speech, wrong for music. */
  readonly forSpeech: boolean
  /** Undefined: the one that the browser prefers. */
  readonly deviceId?: string | undefined
}

/** A microphone that is open. The browser shows that it is until it is closed. */
export interface Capture {
  /** For meters: what comes from the microphone, silence while muted. Its output may be left alone. */
  readonly node: AudioNode
  /** Which microphone this is, by the ids of `enumerateDevices`. */
  readonly deviceId: string
  /** Called with each block, but not while muted; their numbers run on. */
  onBlock: ((block: CapturedBlock) => void) | undefined
  /** Called when the device has gone: unplugged, or taken away by the system. */
  onLost: (() => void) | undefined
  /** The device itself gives silence; its light may go out. */
  isMuted: boolean
  /**
   * Goes over to another device; undefined: to the one that the browser prefers. The old one stays when that fails.
   * @throws MicrophoneError
   */
  use(deviceId: string | undefined): Promise<void>
  close(): void
}

const WORKLET = urlAt('assets/capture.worklet.js')
const PROCESSOR = 'capture'

/**
 * Asks for the microphone and opens it. On iOS this, and the context's `resume`, must begin in the handler of a click or a tap.
 * @throws MicrophoneError
 */
export async function openCapture(
  context: AudioContext,
  { rate, blockMs, forSpeech, deviceId }: CaptureOptions,
): Promise<Capture> {
  let stream = await askForMicrophone(forSpeech, deviceId)
  await context.audioWorklet.addModule(WORKLET)
  const options: CaptureProcessorOptions = { rate, blockLength: (rate * blockMs) / 1000 }
  const node = new GainNode(context, { channelCount: 1, channelCountMode: 'explicit' })
  const blocks = new AudioWorkletNode(context, PROCESSOR, { processorOptions: options })
  // It gives out nothing, but Safari runs only what leads to the speakers.
  node.connect(blocks).connect(context.destination)
  let source = context.createMediaStreamSource(stream)
  source.connect(node)
  let isMuted = false

  const release = () => {
    source.disconnect()
    for (const track of stream.getTracks()) track.stop()
  }
  const follow = () => {
    for (const track of stream.getAudioTracks()) {
      track.enabled = !isMuted
      track.addEventListener('ended', () => capture.onLost?.())
    }
  }
  const capture: Capture = {
    node,
    onBlock: undefined,
    onLost: undefined,
    get deviceId() {
      return stream.getAudioTracks()[0]?.getSettings().deviceId ?? ''
    },
    get isMuted() {
      return isMuted
    },
    set isMuted(muted) {
      isMuted = muted
      for (const track of stream.getAudioTracks()) track.enabled = !muted
    },
    async use(wanted) {
      const next = await askForMicrophone(forSpeech, wanted)
      release()
      stream = next
      source = context.createMediaStreamSource(stream)
      source.connect(node)
      follow()
    },
    close() {
      release()
      node.disconnect()
      blocks.disconnect()
      blocks.port.close()
    },
  }
  follow()
  blocks.port.addEventListener('message', ({ data }: MessageEvent<CapturedBlock>) => {
    if (!isMuted) capture.onBlock?.(data)
  })
  blocks.port.start()
  return capture
}
