/**
 * Sound from a microphone, in blocks: mono, at one rate, whatever the device and the context run at.
 *
 *     microphone --> node --> worklet: [ resampler ][ block ] --> onBlock
 *                     '--> meters
 */
import { urlAt } from '../shared/url-at.ts'
import type { CapturedBlock, CaptureProcessorOptions } from './capture-messages.ts'
import { askForMicrophone } from './microphone.ts'

/** Options of a capture. */
export interface CaptureOptions {
  /** Sample rate of the blocks, in Hz. */
  readonly rate: number
  /** Duration of a block, in milliseconds. */
  readonly blockMs: number
  /** Removes echo, noise and uneven loudness: right for speech, wrong for music. */
  readonly forSpeech: boolean
  /** Undefined: the one that the browser prefers. */
  readonly deviceId?: string | undefined
}

/** An open microphone. The browser indicates it until it is closed. */
export interface Capture {
  /** For meters: the sound of the microphone, silence while muted. Its output may be left alone. */
  readonly node: AudioNode
  /** Which microphone this is, by the ids of `enumerateDevices`. */
  readonly deviceId: string
  /** Called with each block, but not while muted; their numbers run on. */
  onBlock: ((block: CapturedBlock) => void) | undefined
  /** Called when the device is lost: unplugged, or claimed by the system. */
  onLost: (() => void) | undefined
  /** The device itself is silent; its light may turn off. */
  isMuted: boolean
  /**
   * Switches to another device; undefined: the one that the browser prefers. The old one stays in use if that fails.
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
  // It has no sound, but Safari runs only nodes that lead to the speakers.
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
