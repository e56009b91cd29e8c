import t from 'tap'
import { element, xmlDocument } from '../../src/text/xml.ts'

const HEAD = '<?xml version="1.0" encoding="UTF-8"?>\n'

t.test('writes elements, attributes and text', async (t) => {
  const root = element('a', [element('b', 'text'), element('c', 5), element('d', '')], { mount: '/x' })
  t.equal(xmlDocument(root), `${HEAD}<a mount="/x"><b>text</b><c>5</c><d></d></a>\n`)
})

t.test('escapes markup, and replaces characters that XML cannot have', async (t) => {
  const text = '<&>"\u0000\u001b\uD83C\uFFFE\u{1F3B5}\t'
  const expected = `&lt;&amp;&gt;&quot;${'\uFFFD'.repeat(4)}\u{1F3B5}\t`
  t.equal(xmlDocument(element('a', text, { b: text })), `${HEAD}<a b="${expected}">${expected}</a>\n`)
})
