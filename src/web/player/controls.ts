/** Controls of the page besides the button that plays. */

import { element, setText } from '../shared/element.ts'

/** Connects the slider and the mute button. @param set called with 0 to 1, for the first time at once. */
export function connectVolume(set: (volume: number) => void): void {
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

/** Lets the listener choose low delay. */
export interface LowSwitch {
  /** Sets whether the stream is available with low delay. */
  offer(isPossible: boolean): void
}

/** @param choose called with each choice. */
export function createLowSwitch(choose: (isLow: boolean) => void): LowSwitch {
  const place = element('#low-delay', HTMLElement)
  const input = element('#low', HTMLInputElement)
  const why = element('#low-why', HTMLElement)
  // Worklets require a page loaded over HTTPS or from this machine (Web Audio API, section 1.1).
  input.disabled = !window.isSecureContext
  setText(why, input.disabled ? 'This needs HTTPS.' : 'As close to live as possible. Stops when a phone is locked.')
  input.addEventListener('change', () => choose(input.checked))
  return {
    offer(isPossible) {
      // A listener's choice stays while the stream is absent.
      place.hidden = !isPossible && !input.checked
    },
  }
}

/**
 * Shows the stream's address, with a button that copies it. A proxy may add a path that only the browser knows.
 * @param sound address of the stream, relative to the page.
 */
export function showElsewhere(sound: string): void {
  const copy = element('#copy', HTMLButtonElement)
  const copied = element('#copied', HTMLElement)
  const address = new URL(sound, location.href).href
  setText(element('#address', HTMLElement), address)
  // Only pages loaded over HTTPS, or from this machine, may write to the clipboard.
  copy.hidden = !window.isSecureContext
  copy.addEventListener('click', () => {
    void navigator.clipboard.writeText(address).then(() => setText(copied, 'Copied.'))
  })
}
