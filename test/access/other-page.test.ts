import t from 'tap'
import { isFromOtherPage } from '../../src/access/other-page.ts'

const HOST = 'radio.example:8080'

function asked(fields: Readonly<Record<string, string>>, method = 'GET'): boolean {
  return isFromOtherPage({ method, field: (name) => fields[name], host: HOST })
}

t.test('believes what the browser states about the page', async (t) => {
  t.notOk(asked({ 'sec-fetch-site': 'same-origin' }))
  t.notOk(asked({ 'sec-fetch-site': 'none', 'user-agent': 'Mozilla/5.0' }), 'the address bar')
  t.ok(asked({ 'sec-fetch-site': 'same-site' }))
  t.ok(asked({ 'sec-fetch-site': 'cross-site', origin: `http://${HOST}` }))
  t.notOk(asked({ origin: `http://${HOST}` }, 'POST'))
  t.ok(asked({ origin: 'http://radio.example' }, 'POST'), 'another port is another site')
  t.ok(asked({ origin: 'null' }, 'POST'))
})

t.test('expects a browser that states nothing to name the page from which it comes', async (t) => {
  const browser = { 'user-agent': 'Mozilla/5.0 (X11; Linux)' }
  t.ok(asked(browser))
  t.ok(asked({ ...browser, referer: 'http://evil.example/radio.example:8080' }))
  t.notOk(asked({ ...browser, referer: `http://${HOST}/status` }))
  t.notOk(asked(browser, 'POST'), 'which would have an origin')
  t.notOk(asked({ 'user-agent': 'curl/8.0' }))
  t.notOk(asked({}))
})
