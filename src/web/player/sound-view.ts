import { fitToScreen, peakOf, showLevel } from '../audio/level-meter.ts'
import { element } from '../shared/element.ts'

/** Duration of one bar, in milliseconds. */
const BAR_MS = 70
/** In pixels of the page. */
const BAR = { width: 4, gap: 3, least: 4 }
/** Space for the button, in pixels from the middle. */
const MIDDLE = 76
/** Attenuation, in dB, that reduces a bar to a tenth: quiet sound stays visible, and loud sound still differs. */
const TENTH_DB = 28

/** @returns a function that sets the sound shown as waveform and level; undefined: none. */
export function createSoundView(): (analyser: AnalyserNode | undefined) => void {
  const level = element('#level', HTMLCanvasElement)
  const waveform = createWaveform(element('#waveform', HTMLCanvasElement))
  let shown: AnalyserNode | undefined
  let stop: (() => void) | undefined
  return (analyser) => {
    if (analyser === shown) return
    shown = analyser
    stop?.()
    stop = analyser && showLevel(level, analyser)
    waveform.follow(analyser)
  }
}

/** The last seconds of sound, as bars that move from the middle to both sides. */
interface Waveform {
  /** Sets the sound to show; undefined: none, and the remaining bars move out. */
  follow(analyser: AnalyserNode | undefined): void
}

/** Does not move for users that prefer reduced motion. */
function createWaveform(canvas: HTMLCanvasElement): Waveform {
  const context = canvas.getContext('2d')
  const isCalm = matchMedia('(prefers-reduced-motion: reduce)')
  let samples = new Float32Array(0)
  let analyser: AnalyserNode | undefined
  let bars: number[] = []
  let newest = 0
  let barSince = 0

  const look = (now: number) => {
    if (analyser !== undefined) {
      if (samples.length !== analyser.fftSize) samples = new Float32Array(analyser.fftSize)
      newest = Math.max(newest, 10 ** (peakOf(analyser, samples) / TENTH_DB))
    }
    if (now - barSince < BAR_MS) return
    bars = [Math.min(1, newest), ...bars].slice(0, 200)
    newest = 0
    barSince = now - ((now - barSince) % BAR_MS)
  }
  const draw = (now: number) => {
    const isIdle = analyser === undefined && bars.every((bar) => bar === 0)
    if (!isIdle && !isCalm.matches) look(now)
    if (context !== null) drawBars(context, isCalm.matches ? [] : bars, (now - barSince) / BAR_MS)
    if (!isIdle) requestAnimationFrame(draw)
    else isDrawing = false
  }
  let isDrawing = false
  const wake = () => {
    if (!isDrawing) requestAnimationFrame(draw)
    isDrawing = true
  }
  new ResizeObserver(wake).observe(canvas)
  matchMedia('(prefers-color-scheme: dark)').addEventListener('change', wake)
  return {
    follow(next) {
      analyser = next
      wake()
    },
  }
}

/** @param shift fraction of one bar step that the newest bar has moved. */
function drawBars(context: CanvasRenderingContext2D, bars: readonly number[], shift: number): void {
  const { canvas } = context
  fitToScreen(canvas)
  const { clientWidth: width, clientHeight: height } = canvas
  const style = getComputedStyle(canvas)
  context.setTransform(devicePixelRatio, 0, 0, devicePixelRatio, 0, 0)
  context.clearRect(0, 0, width, height)
  const step = BAR.width + BAR.gap
  const count = Math.ceil((width / 2 - MIDDLE) / step) + 1
  for (let i = 0; i < count; i++) {
    const part = bars[i] ?? 0
    const tall = Math.max(BAR.least, part * height)
    const away = MIDDLE + (i + (bars.length > 0 ? shift : 0)) * step
    context.fillStyle = style.getPropertyValue(part > 0 ? '--accent' : '--edge')
    for (const x of [width / 2 + away, width / 2 - away - BAR.width]) {
      context.beginPath()
      context.roundRect(x, (height - tall) / 2, BAR.width, tall, BAR.width / 2)
      context.fill()
    }
  }
}
