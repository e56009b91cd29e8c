import { showLevel } from '../audio/level-meter.ts'
import { element } from '../shared/element.ts'
import { createWaveform } from './waveform.ts'

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
