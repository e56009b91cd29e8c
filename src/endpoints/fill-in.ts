/**
 * Replaces each `{{name}}` in HTML by its value, in text or in a double-quoted attribute. Values are escaped.
 * @throws TypeError for a name without a value, which is an error in the page
 */
export function fillIn(html: string, values: Readonly<Record<string, string>>): string {
  return html.replaceAll(/\{\{(\w+)\}\}/g, (_, name: string) => {
    const value = values[name]
    if (value === undefined) throw new TypeError(`the page has no value for ${name}`)
    return escapeHtml(value)
  })
}

function escapeHtml(text: string): string {
  return text.replaceAll(/[&<>"']/g, (character) => `&#${character.charCodeAt(0)};`)
}
