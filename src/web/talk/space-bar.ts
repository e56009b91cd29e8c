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
      if (!isByKeys) setTimeout(giveUpFocus)
    },
    { capture: true },
  )
}

function giveUpFocus(): void {
  const { activeElement } = document
  if (activeElement instanceof HTMLElement && activeElement.matches(PRESSED)) activeElement.blur()
}
