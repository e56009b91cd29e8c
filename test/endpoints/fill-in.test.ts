import t from 'tap'
import { fillIn } from '../../src/endpoints/fill-in.ts'

t.test('repeats a section for each item, with the values around it', (t) => {
  const html = '<ul class="{{look}}">{{#items}}<li title="{{look}}">{{name}}</li>\n{{/items}}</ul>'
  t.equal(
    fillIn(html, { look: 'wide', name: 'outer', items: [{ name: 'one' }, { name: 'two', look: '"' }, {}] }),
    '<ul class="wide"><li title="wide">one</li>\n<li title="&#34;">two</li>\n<li title="wide">outer</li>\n</ul>',
  )
  t.equal(fillIn(html, { look: '', items: [] }), '<ul class=""></ul>')
  t.end()
})

t.test('does not fill in names within values', (t) => {
  t.equal(fillIn('{{#all}}{{name}}{{/all}}', { all: [{ name: '{{name}}{{/all}}' }] }), '{{name}}{{/all}}')
  t.end()
})

t.test('throws for a name without a value of its kind', (t) => {
  for (const values of [{}, { name: [] }]) t.throws(() => fillIn('{{name}}', values), TypeError)
  for (const values of [{}, { list: 'text' }]) t.throws(() => fillIn('{{#list}}{{/list}}', values), TypeError)
  t.end()
})
