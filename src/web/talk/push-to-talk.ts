/** Controls for which the space bar has another meaning. */
const CONTROLS = 'a, button, input, select, textarea, summary'

/**
 * Reports when the space bar is held, or a button by mouse, finger or key.
 * @param changed called with true when it is pressed and with false when it is released
 */
export function watchHolding(button: HTMLButtonElement, changed: (isHeld: boolean) => void): void {
  let isHeld = false
  const become = (next: boolean) => {
    if (next === isHeld) return
    isHeld = next
    changed(isHeld)
  }
  const release = () => become(false)
  button.addEventListener('pointerdown', ({ pointerId, isPrimary }) => {
    if (!isPrimary) return
    button.setPointerCapture(pointerId)
    become(true)
  })
  for (const end of ['pointerup', 'pointercancel', 'lostpointercapture'] as const) button.addEventListener(end, release)
  // A long touch would open a menu.
  button.addEventListener('contextmenu', (event) => event.preventDefault())

  window.addEventListener('keydown', (event) => {
    if (event.code !== 'Space' || isForAnother(event.target, button)) return
    // The page would scroll.
    event.preventDefault()
    become(true)
  })
  window.addEventListener('keyup', ({ code }) => {
    if (code === 'Space') release()
  })
  window.addEventListener('blur', release)
}

function isForAnother(target: EventTarget | null, button: HTMLButtonElement): boolean {
  const control = target instanceof Element ? target.closest(CONTROLS) : null
  return control !== null && control !== button
}

/** Controls that the space bar would press again. */
const PRESSED = 'button, input'

let isByKeys = false

/** Returns whether the last control was pressed by a key: the user then follows the focus, which must move on. */
export function usesKeys(): boolean {
  return isByKeys
}

/** Removes the focus after clicks: users of a mouse or a finger ignore it, and expect the space bar to talk. */
export function freeSpaceBar(): void {
  document.addEventListener(
    'click',
    ({ detail }) => {
      // UI Events, section 3.5: the click count is 0 without a pointer.
      isByKeys = detail === 0
      // A label moves the focus to its control after this event.
      if (!isByKeys) setTimeout(dropFocus)
    },
    { capture: true },
  )
}

function dropFocus(): void {
  const { activeElement } = document
  if (activeElement instanceof HTMLElement && activeElement.matches(PRESSED)) activeElement.blur()
}
