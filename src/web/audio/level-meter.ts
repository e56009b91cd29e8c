/** Level at which the bar is empty, in dB of full scale. */
const QUIETEST_DB = -60
/** Level from which the bar shows a warning, in dB of full scale. */
const LOUD_DB = -6
/** Fall of a level, in dB per second, as with studio meters (IEC 60268-10 type IIa: 24 dB in 2.8 s). */
const FALL = 24 / 2.8
/** Update interval for users that prefer reduced motion, in milliseconds. */
const CALM_MS = 500

/** Returns the largest sample of an analyser's window, in dB of full scale; -Infinity for silence. */
export function peakOf(analyser: AnalyserNode, samples: Float32Array<ArrayBuffer>): number {
  analyser.getFloatTimeDomainData(samples)
  let peak = 0
  for (const sample of samples) peak = Math.max(peak, Math.abs(sample))
  return 20 * Math.log10(peak)
}

/**
 * Draws the level of a sound into `<canvas class="meter">`, which should be hidden from screen readers: it always
 * changes.
 * @returns a function that ends it and empties the meter.
 */
export function showLevel(canvas: HTMLCanvasElement, analyser: AnalyserNode): () => void {
  const context = canvas.getContext('2d')
  const samples = new Float32Array(analyser.fftSize)
  const everyMs = matchMedia('(prefers-reduced-motion: reduce)').matches ? CALM_MS : 0
  let level = QUIETEST_DB
  let before = performance.now()
  let request = requestAnimationFrame(function draw(now) {
    request = requestAnimationFrame(draw)
    if (context === null || now - before < everyMs) return
    const fallen = level - (FALL * (now - before)) / 1000
    level = Math.max(QUIETEST_DB, fallen, peakOf(analyser, samples))
    before = now
    drawBar(context, 1 - level / QUIETEST_DB, level > LOUD_DB)
  })
  return () => {
    cancelAnimationFrame(request)
    context?.clearRect(0, 0, canvas.width, canvas.height)
  }
}

function drawBar(context: CanvasRenderingContext2D, part: number, isLoud: boolean): void {
  const { canvas } = context
  fitToScreen(canvas)
  const style = getComputedStyle(canvas)
  context.clearRect(0, 0, canvas.width, canvas.height)
  context.fillStyle = style.getPropertyValue(isLoud ? '--warn' : '--accent')
  context.fillRect(0, 0, canvas.width * Math.min(1, part), canvas.height)
}

/** Sets the size of a canvas in pixels to that on the screen. */
export function fitToScreen(canvas: HTMLCanvasElement): void {
  const width = Math.round(canvas.clientWidth * devicePixelRatio)
  const height = Math.round(canvas.clientHeight * devicePixelRatio)
  if (canvas.width !== width) canvas.width = width
  if (canvas.height !== height) canvas.height = height
}
