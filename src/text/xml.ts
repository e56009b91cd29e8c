/** An element with text or with other elements. */
export interface XmlElement {
  readonly name: string
  readonly attributes?: Readonly<Record<string, string>>
  readonly content: string | number | readonly XmlElement[]
}

const ENTITIES: Readonly<Record<string, string>> = { '&': '&amp;', '<': '&lt;', '>': '&gt;', '"': '&quot;' }
/** All characters that are not of XML 1.0 (section 2.2), and lone surrogates. */
const NOT_XML = /[^\t\n\r\u{20}-\u{D7FF}\u{E000}-\u{FFFD}\u{10000}-\u{10FFFF}]/gu

export function element(
  name: string,
  content: XmlElement['content'],
  attributes?: Readonly<Record<string, string>>,
): XmlElement {
  return attributes === undefined ? { name, content } : { name, content, attributes }
}

/** Returns an XML document with this root. Characters that XML cannot have are replaced. */
export function xmlDocument(root: XmlElement): string {
  return `<?xml version="1.0" encoding="UTF-8"?>\n${written(root)}\n`
}

function written({ name, attributes = {}, content }: XmlElement): string {
  const pairs = Object.entries(attributes).map(([key, value]) => ` ${key}="${escaped(value)}"`)
  const inner = typeof content === 'object' ? content.map(written).join('') : escaped(String(content))
  return `<${name}${pairs.join('')}>${inner}</${name}>`
}

function escaped(text: string): string {
  return text.replaceAll(NOT_XML, '\u{FFFD}').replaceAll(/[&<>"]/g, (character) => ENTITIES[character] ?? '')
}
