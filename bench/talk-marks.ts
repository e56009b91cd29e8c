/** Scripts that the talk bench runs in its pages. They are text because this project does not have the types of a page. */

/** Minimum sample of a pulse, after at least QUIET_S seconds of silence. */
const LOUD = 0.1
const QUIET_S = 0.4

/** Returns a function that receives samples one by one and returns whether a pulse begins with it. */
const ONSETS = `const createOnsets = (rate) => {
  let quiet = 0
  return (sample) => {
    const begins = Math.abs(sample) > ${LOUD} && quiet > ${QUIET_S} * rate
    quiet = Math.abs(sample) > ${LOUD} ? 0 : quiet + 1
    return begins
  }
}`

/**
 * Times of pulses at the mouth: `mouth()` in the page, in milliseconds since 1970. The samples of a microphone's track have
 * capture time stamps, by the page's clock.
 */
export const MOUTH = `${ONSETS}
const marks = []
window.mouth = () => marks.splice(0)
const ask = navigator.mediaDevices.getUserMedia.bind(navigator.mediaDevices)
navigator.mediaDevices.getUserMedia = async (constraints) => {
  const stream = await ask(constraints)
  void watch(stream.getAudioTracks()[0].clone())
  return stream
}
async function watch(track) {
  let onsets
  for await (const data of new MediaStreamTrackProcessor({ track }).readable) {
    const { sampleRate, numberOfFrames, timestamp } = data
    onsets ??= createOnsets(sampleRate)
    const samples = new Float32Array(numberOfFrames)
    data.copyTo(samples, { planeIndex: 0, format: 'f32-planar' })
    data.close()
    samples.forEach((sample, i) => onsets(sample) && marks.push(performance.timeOrigin + timestamp / 1000 + (i / sampleRate) * 1000))
  }
}`

const TAP = `${ONSETS}
registerProcessor('tap', class extends AudioWorkletProcessor {
  onsets = createOnsets(sampleRate)
  process([[samples]]) {
    samples?.forEach((sample, i) => this.onsets(sample) && this.port.postMessage((currentFrame + i) / sampleRate))
    return true
  }
})`

/**
 * Times of pulses at the ear: `ear()` in the page, in milliseconds since 1970. All nodes connected to the speakers are watched,
 * and the browser reports which sample is played when.
 */
export const EAR = `
const marks = []
window.ear = () => marks.splice(0)
const connect = AudioNode.prototype.connect
AudioNode.prototype.connect = function (...to) {
  if (to[0] instanceof AudioDestinationNode) void watch(this)
  return connect.apply(this, to)
}
async function watch(node) {
  const { context } = node
  await context.audioWorklet.addModule(URL.createObjectURL(new Blob([${JSON.stringify(TAP)}], { type: 'text/javascript' })))
  const tap = new AudioWorkletNode(context, 'tap')
  connect.call(node, tap)
  tap.port.onmessage = ({ data }) => {
    const { contextTime, performanceTime } = context.getOutputTimestamp()
    marks.push(performance.timeOrigin + performanceTime + (data - contextTime) * 1000)
  }
}`
