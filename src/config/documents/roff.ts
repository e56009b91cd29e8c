/** Text as groff's man macros take it. */
import { bareFlag } from '../flags.ts'
import { wrap } from '../wrap.ts'

/** Maximum line length of the page's source, in characters, for readability only: man refills the text. */
const longestLine = 78

const signs: Readonly<Record<string, string>> = {
  '\\': '\\(rs',
  // An unescaped one may be shown as a hyphen that a shell does not accept as a dash.
  '-': '\\-',
  "'": '\\(aq',
  '"': '\\(dq',
  '`': '\\(ga',
  '^': '\\(ha',
  '~': '\\(ti',
}

/** @returns the text as it stands, for a part of a line. */
export function literal(text: string): string {
  return text.replace(/[\\'"`^~-]|[^ -~]/gu, (sign) => signs[sign] ?? unicode(sign))
}

function unicode(sign: string): string {
  const code = sign.codePointAt(0) ?? 0
  return `\\[u${code.toString(16).toUpperCase().padStart(4, '0')}]`
}

export function bold(text: string): string {
  return `\\fB${literal(text)}\\fP`
}

export function italic(text: string): string {
  return `\\fI${literal(text)}\\fP`
}

/** @returns the text in lines of its own, with every flag of ours in bold. */
export function prose(text: string): string {
  const parts = text.split(/(?<=^|[\s(])(-[a-z-]+)/)
  const marked = parts.map((part) => (bareFlag(part) === undefined ? literal(part) : bold(part))).join('')
  return wrap(marked, longestLine).map(textLine).join('\n')
}

/** A line that begins with a full stop would be a request. */
function textLine(line: string): string {
  return line.startsWith('.') ? `\\&${line}` : line
}

/** @returns the text as a sentence: a capital at its beginning, a full stop at its end. */
export function sentence(text: string): string {
  return prose(`${text.charAt(0).toUpperCase()}${text.slice(1)}.`)
}

/** @returns an entry of a list: the term, and its description indented below. */
export function entry(tag: string, ...lines: readonly string[]): string {
  return ['.TP', tag, ...lines].join('\n')
}

/** @returns lines that stay as they are. */
export function verbatim(lines: readonly string[]): string {
  return ['.PP', '.RS 4', '.nf', ...lines.map((line) => textLine(literal(line))), '.fi', '.RE'].join('\n')
}
