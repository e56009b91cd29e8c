import { peakOf, showLevel } from '../audio/level-meter.ts'
import { element } from '../shared/element.ts'

/** Level below which no ring is drawn, and level of the widest ring, in dB of full scale. */
const QUIET_DB = -50
const LOUD_DB = -10
/** Fade of the ring after a voice ends, from 1 to 0, in milliseconds. */
const FADE_MS = 400
/** Minimum interval between drawings, in milliseconds, so that a phone stays cool. */
const EVERY_MS = 30

/**
 * Shows a voice: its level in the meter beside a face, and as a ring around it.
 * @param side a selector of both @returns a function that ends it
 */
export function showVoice(side: string, node: AudioNode): () => void {
  const analyser = new AnalyserNode(node.context)
  node.connect(analyser)
  const endMeter = showLevel(element(`${side} canvas`, HTMLCanvasElement), analyser)
  const endRing = showRing(element(`${side} .face`, HTMLElement), analyser)
  return () => {
    endMeter()
    endRing()
  }
}

/** page.css draws the ring with the width `--voice`, from 0 to 1. */
function showRing(face: HTMLElement, analyser: AnalyserNode): () => void {
  if (matchMedia('(prefers-reduced-motion: reduce)').matches) return () => {}
  const samples = new Float32Array(analyser.fftSize)
  let voice = 0
  let before = performance.now()
  let request = requestAnimationFrame(function draw(now) {
    request = requestAnimationFrame(draw)
    if (now - before < EVERY_MS) return
    const loudness = (peakOf(analyser, samples) - QUIET_DB) / (LOUD_DB - QUIET_DB)
    voice = Math.max(voice - (now - before) / FADE_MS, Math.min(1, loudness), 0)
    before = now
    face.style.setProperty('--voice', voice.toFixed(3))
  })
  return () => {
    cancelAnimationFrame(request)
    face.style.removeProperty('--voice')
  }
}
