/** Values of a template by name: text, or for a section the values of each repetition. */
export interface TemplateValues {
  readonly [name: string]: string | readonly TemplateValues[]
}

/** A section with its body, or a name. */
const PLACEHOLDER = /\{\{#(\w+)\}\}(.*?)\{\{\/\1\}\}|\{\{(\w+)\}\}/gs

/**
 * Replaces each `{{name}}` in HTML by its value, in text or in a double-quoted attribute. Values are escaped. A section,
 * `{{#list}}…{{/list}}`, is repeated for each item of a list, whose values are added to those around it.
 * @throws TypeError for a name without a value of its kind, which is an error in the page
 */
export function fillIn(html: string, values: TemplateValues): string {
  return html.replaceAll(PLACEHOLDER, (_, list: string | undefined, body: string, name: string) => {
    const value = values[list ?? name]
    if (list === undefined && typeof value === 'string') return escapeHtml(value)
    if (list !== undefined && Array.isArray(value))
      return value.map((item) => fillIn(body, { ...values, ...item })).join('')
    throw new TypeError(`the page has no value for ${list ?? name}`)
  })
}

function escapeHtml(text: string): string {
  return text.replaceAll(/[&<>"']/g, (character) => `&#${character.charCodeAt(0)};`)
}
