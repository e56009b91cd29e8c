/**
 * Sound from a microphone, in blocks: mono, at one rate, whatever the rates of the device and the context are.
 *
 *     microphone --> node --> worklet: [ resampler ][ block ] --> onBlock
 *                     '--> meters
 */
import { urlAt } from '../shared/url-at.ts'
import type { CapturedBlock, CaptureProcessorOptions } from './capture-messages.ts'
import { requestMicrophone } from './microphone.ts'

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

const WORKLET = urlAt('assets/capture.worklet.js')
const PROCESSOR = 'capture'

/**
 * Requests the microphone and opens it. On iOS this, and the context's `resume`, must begin in the handler of a click or a tap.
 * @throws MicrophoneError
 */
export async function openCapture(context: AudioContext, options: CaptureOptions): Promise<Capture> {
  const stream = await requestMicrophone(options.forSpeech, options.deviceId)
  await context.audioWorklet.addModule(WORKLET)
  return new Capture(context, options, stream)
}

/** An open microphone. The browser indicates it until it is closed. */
export class Capture {
  /** For meters: the sound of the microphone, silence while muted. Its output need not be connected. */
  readonly node: GainNode
  /** Called with each block, but not while muted; their numbers run on. */
  onBlock: ((block: CapturedBlock) => void) | undefined
  /** Called when the device is lost: unplugged, or claimed by the system. */
  onLost: (() => void) | undefined
  readonly #context: AudioContext
  readonly #forSpeech: boolean
  readonly #blocks: AudioWorkletNode
  #stream: MediaStream
  #source: MediaStreamAudioSourceNode
  #isMuted = false

  constructor(context: AudioContext, { rate, blockMs, forSpeech }: CaptureOptions, stream: MediaStream) {
    this.#context = context
    this.#forSpeech = forSpeech
    this.node = new GainNode(context, { channelCount: 1, channelCountMode: 'explicit' })
    const processorOptions: CaptureProcessorOptions = { rate, blockLength: (rate * blockMs) / 1000 }
    this.#blocks = new AudioWorkletNode(context, PROCESSOR, { processorOptions })
    // It emits silence, but Safari runs only nodes that lead to the speakers.
    this.node.connect(this.#blocks).connect(context.destination)
    this.#blocks.port.addEventListener('message', ({ data }: MessageEvent<CapturedBlock>) => {
      if (!this.#isMuted) this.onBlock?.(data)
    })
    this.#blocks.port.start()
    this.#stream = stream
    this.#source = this.#connect(stream)
  }

  /** Identifies the microphone among those of `enumerateDevices`. */
  get deviceId(): string {
    return this.#stream.getAudioTracks()[0]?.getSettings().deviceId ?? ''
  }

  /** The device itself is silent; its light may turn off. */
  get isMuted(): boolean {
    return this.#isMuted
  }

  set isMuted(isMuted: boolean) {
    this.#isMuted = isMuted
    for (const track of this.#stream.getAudioTracks()) track.enabled = !isMuted
  }

  /**
   * Switches to another device; undefined: the one that the browser prefers. The current one stays in use if that fails.
   * @throws MicrophoneError
   */
  async use(deviceId: string | undefined): Promise<void> {
    const stream = await requestMicrophone(this.#forSpeech, deviceId)
    this.#release()
    this.#stream = stream
    this.#source = this.#connect(stream)
  }

  close(): void {
    this.#release()
    this.node.disconnect()
    this.#blocks.disconnect()
    this.#blocks.port.close()
  }

  #connect(stream: MediaStream): MediaStreamAudioSourceNode {
    for (const track of stream.getAudioTracks()) {
      track.enabled = !this.#isMuted
      track.addEventListener('ended', () => this.onLost?.())
    }
    const source = this.#context.createMediaStreamSource(stream)
    source.connect(this.node)
    return source
  }

  #release(): void {
    this.#source.disconnect()
    for (const track of this.#stream.getTracks()) track.stop()
  }
}
