/**
 * Puts values into HTML where `{{name}}` stands, as text or between double quotes of an attribute. Whatever a value holds, it
 * stays text.
 * @throws TypeError for a name that no value is there for: a mistake of the page's
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
