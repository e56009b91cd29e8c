import { element, setText } from '../shared/element.ts'

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
