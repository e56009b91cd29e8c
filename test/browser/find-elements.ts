/** A step from elements to others in them, or to fewer of them. */
export interface Step {
  readonly selector?: string
  /** The innermost elements with this text. */
  readonly text?: Pattern
  readonly role?: string
  readonly name?: Pattern | undefined
  readonly hasText?: Pattern | undefined
  readonly isVisible?: boolean | undefined
  readonly nth?: number
}

interface Pattern {
  readonly source: string
  readonly flags: string
}

/** Script that defines `find`, which takes steps, and `isVisible`; text, because this project does not have the types of a page. */
export const FIND = `
const isVisible = (element) => {
  const { width, height } = element.getBoundingClientRect()
  return width > 0 && height > 0 && element.checkVisibility({ visibilityProperty: true })
}
const plain = (text) => text.replace(/[\\u200b\\u00ad]/g, '').replace(/\\s+/g, ' ').trim()
const has = (text, { source, flags }) => new RegExp(source, flags).test(plain(text))
const ROLES = {
  link: 'a[href]', button: 'button, summary', heading: 'h1, h2, h3, h4', slider: 'input[type=range]', meter: 'meter', dialog: 'dialog',
}
const nameOf = (element) => element.getAttribute('aria-label')
  ?? element.getAttribute('aria-labelledby')?.split(' ').map((id) => document.getElementById(id)?.textContent).join(' ')
  ?? element.labels?.[0]?.textContent ?? element.textContent
const step = (elements, { selector, text, role, name, hasText, isVisible: visible, nth }) => {
  const inside = (css) => [...new Set(elements.flatMap((element) => [...element.querySelectorAll(css)]))]
  if (selector !== undefined) elements = inside(selector)
  if (text !== undefined) {
    const all = inside('*').filter((element) => !/^(SCRIPT|STYLE|HEAD|TITLE)$/.test(element.tagName) && has(element.textContent, text))
    elements = all.filter((element) => !all.some((other) => other !== element && element.contains(other)))
  }
  if (role !== undefined) elements = inside(ROLES[role] + ', [role=' + role + ']').filter(isVisible)
  if (name !== undefined) elements = elements.filter((element) => has(nameOf(element), name))
  if (hasText !== undefined) elements = elements.filter((element) => has(element.textContent, hasText))
  if (visible) elements = elements.filter(isVisible)
  return nth === undefined ? elements : elements.slice(nth, nth + 1)
}
const find = (steps) => steps.reduce(step, [document])
`
