import { element } from '../shared/element.ts'

/** Connects the slider and the mute button. @param set called with 0 to 1, for the first time at once. */
export function createVolume(set: (volume: number) => void): void {
  const slider = element('#volume', HTMLInputElement)
  const mute = element('#mute', HTMLButtonElement)
  const isMuted = () => mute.getAttribute('aria-pressed') === 'true'
  const apply = () => set(isMuted() ? 0 : slider.valueAsNumber / 100)
  const press = (muted: boolean) => {
    mute.setAttribute('aria-pressed', String(muted))
    apply()
  }
  slider.addEventListener('input', () => press(false))
  mute.addEventListener('click', () => press(!isMuted()))
  slider.hidden = !canSetVolume()
  apply()
}

/** Some phones set the volume by their keys alone, and ignore the property. */
function canSetVolume(): boolean {
  const probe = new Audio()
  probe.volume = 0.5
  return probe.volume === 0.5
}
