/** What the space bar would press once more. */
const PRESSED = 'button, input'

let isByKeys = false

/** Whether the last press of a control was by a key: then the focus is looked at, and must lead on. */
export function usesKeys(): boolean {
  return isByKeys
}

/** Whoever uses a mouse or a finger does not look at the focus, and means the space bar for talking. */
export function freeSpaceBar(): void {
  document.addEventListener(
    'click',
    ({ detail }) => {
      // UI Events, section 3.5: what was not pressed by a pointer has no count.
      isByKeys = detail === 0
      // A label gives the focus to its control behind this event.
      if (!isByKeys) setTimeout(giveUpFocus)
    },
    { capture: true },
  )
}

function giveUpFocus(): void {
  const { activeElement } = document
  if (activeElement instanceof HTMLElement && activeElement.matches(PRESSED)) activeElement.blur()
}
