import fc from 'fast-check'
import t from 'tap'
import {
  BadRequest,
  canonicalHead,
  parseRequestHead,
  type RequestHead,
} from '../../../src/transport/http/request-head.ts'

function parse(head: string): RequestHead {
  return parseRequestHead(Buffer.from(head, 'latin1'))
}

/** A head in the form in which it is passed on. */
function canonical(head: string): string {
  return canonicalHead(Buffer.from(head, 'latin1'), parse(head)).toString('latin1')
}

/** Status with which a head is refused; 0 when it is accepted. */
function refusal(head: string): number {
  try {
    parse(head)
    return 0
  } catch (error) {
    if (!(error instanceof BadRequest)) throw error
    if (!/^[ -~]{1,80}$/.test(error.message)) throw new Error(`not one short line: ${error.message}`, { cause: error })
    return error.status
  }
}

function get(target: string): string {
  return `GET ${target} HTTP/1.0\r\n\r\n`
}

function withFields(...lines: string[]): string {
  return ['GET / HTTP/1.0', ...lines, '', ''].join('\r\n')
}

t.test('reads the head of a browser', async (t) => {
  const head = parse(
    'GET /radio.mp3?wav&title=a%20b HTTP/1.1\r\nHost: localhost:8080\r\nRange: bytes=0-\r\nicy-metadata:1\r\n\r\n',
  )
  t.equal(head.method, 'GET')
  t.equal(head.target, '/radio.mp3?wav&title=a%20b')
  t.equal(head.path, '/radio.mp3')
  t.same([...head.query], Object.entries({ wav: '', title: 'a b' }))
  t.equal(head.version, '1.1')
  t.same([...head.headers], Object.entries({ host: 'localhost:8080', range: 'bytes=0-', 'icy-metadata': '1' }))
})

t.test('reads the head of DarkIce: bare LF, HTTP/1.0, no Host', async (t) => {
  const head = parse('SOURCE /live HTTP/1.0\nAuthorization: Basic eDp5\nContent-Type: audio/mpeg\n\n')
  t.equal(head.method, 'SOURCE')
  t.equal(head.version, '1.0')
  t.equal(head.headers.get('authorization'), 'Basic eDp5')
})

t.test('skips empty lines before the request', async (t) => {
  t.equal(parse(`\r\n\n\r\n${get('/a')}`).path, '/a')
})

t.test('reads a head without the empty line at its end', async (t) => {
  t.equal(parse('GET /a HTTP/1.0').path, '/a')
  t.equal(parse('GET /a HTTP/1.0\r\n').path, '/a')
})

t.test('refuses a request line other than three words with single blanks with 400', async (t) => {
  for (const line of ['', 'GET', 'GET /', 'GET  / HTTP/1.1', 'GET / HTTP/1.1 ', ' GET / HTTP/1.1', 'GET\t/ HTTP/1.1']) {
    t.equal(refusal(`${line}\r\nHost: a\r\n\r\n`), 400, JSON.stringify(line))
  }
})

t.test('refuses a method that is not a token with 400', async (t) => {
  for (const method of ['G(T', 'GE\0T', 'G\xe9T', '"GET"']) t.equal(refusal(`${method} / HTTP/1.0\r\n\r\n`), 400)
})

t.test('refuses versions other than 1.0 and 1.1 with 505, and a malformed one with 400', async (t) => {
  for (const version of ['HTTP/0.9', 'HTTP/1.2', 'HTTP/2.0', 'HTTP/3.0']) {
    t.equal(refusal(`GET / ${version}\r\n\r\n`), 505, version)
  }
  for (const version of ['HTTP', 'http/1.1', 'HTTP/1', 'HTTP/1.10', 'ICE/1.0', 'HTTP/1.1\r']) {
    t.equal(refusal(`GET / ${version}\r\n\r\n`), 400, JSON.stringify(version))
  }
})

t.test('refuses the preface of HTTP/2 with 400', async (t) => {
  t.equal(refusal('PRI * HTTP/2.0\r\n\r\n'), 400)
})

t.test('uses path and query of an absolute target', async (t) => {
  t.equal(parse(get('http://radio.example:8000/cd')).path, '/cd')
  t.equal(parse(get('HTTPS://radio.example')).path, '/')
  t.equal(parse(get('http://radio.example?wav')).query.get('wav'), '')
})

t.test('accepts an asterisk as target for OPTIONS only', async (t) => {
  t.equal(parse('OPTIONS * HTTP/1.0\r\n\r\n').path, '/')
  t.equal(refusal('GET * HTTP/1.0\r\n\r\n'), 400)
})

t.test('refuses a target that is not a path with 400', async (t) => {
  const targets = ['a', '?x', '#', 'http:///a', 'ftp://a/b', 'a:80', 'http://a/\x01', '/\0']
  for (const target of targets) t.equal(refusal(get(target)), 400, JSON.stringify(target))
})

t.test('reads UTF-8 and blanks in a target that was not encoded, and drops a fragment', async (t) => {
  const utf8 = Buffer.from('/café/ü').toString('latin1')
  t.match(parse(get(utf8)), { path: '/café/ü', target: '/caf%C3%A9/%C3%BC' })
  t.match(parse(get('/Night Radio.mp3?title=a b')), {
    path: '/Night Radio.mp3',
    target: '/Night%20Radio.mp3?title=a%20b',
  })
  t.equal(parse(get('/?title=a b')).query.get('title'), 'a b')
  t.match(parse(get('/live/kitchen#token')), { path: '/live/kitchen', target: '/live/kitchen' })
  t.equal(parse(get('http://a/#b')).path, '/')
})

t.test('refuses blanks where they could be read in two ways', async (t) => {
  for (const line of ['GET /  HTTP/1.0', 'GET  / HTTP/1.0', 'GET / HTTP/1.0 HTTP/1.0', 'GET / a HTTP/1.1 HTTP/1.0']) {
    t.equal(refusal(`${line}\r\n\r\n`), 400, line)
  }
  for (const target of ['http://a b/', 'a b', ' /', 'http:// a/']) t.equal(refusal(get(target)), 400, target)
  t.equal(refusal(get(`/${' a'.repeat(3000)}`)), 414, 'its length counts as encoded')
})

t.test('keeps a percent sign in a query that encodes nothing', async (t) => {
  t.equal(parse(get('/?volume=100%')).query.get('volume'), '100%')
  t.equal(parse(get('/?a=%g0&b=1')).query.get('b'), '1')
})

t.test('writes a head in the form that every parser reads', async (t) => {
  t.equal(canonical('\r\nGET /a b#c HTTP/1.0\nA: b\n\n'), 'GET /a%20b HTTP/1.0\r\nA: b\n\n')
  const plain = 'GET /a HTTP/1.0\r\nA: b\r\n\r\n'
  t.equal(canonical(plain), plain)
})

t.test('reads a target of 8000 bytes, and refuses one more byte with 414', async (t) => {
  t.equal(refusal(get(`/${'a'.repeat(7999)}`)), 0)
  t.equal(refusal(get(`/${'a'.repeat(8000)}`)), 414)
})

t.test('decodes percent signs of the path exactly once', async (t) => {
  t.equal(parse(get('/%2541%2fb')).path, '/%41/b')
  t.equal(parse(get('/%C3%A4+b')).path, '/ä+b')
  t.equal(parse(get('/..//%2e%2E/')).path, '/..//../')
})

t.test('refuses bad percent-encoding and control characters with 400, in the query too', async (t) => {
  for (const target of ['/%', '/%4', '/%zz', '/%00', '/%0a', '/%7f', '/%c2%9b', '/?a=%00']) {
    t.equal(refusal(get(target)), 400, target)
  }
  t.equal(parse(get('/?song=%e9t%e9')).target, '/?song=%e9t%e9', 'a query in Latin-1 is not for us to judge')
})

t.test('removes only the blanks around values', async (t) => {
  const { headers } = parse(withFields('A: \t x \t y\t ', 'B:', 'C: \xc3\xa0'))
  t.equal(headers.get('a'), 'x \t y')
  t.equal(headers.get('b'), '')
  t.equal(headers.get('c'), '\xc3\xa0')
})

t.test('joins fields of one name in their order', async (t) => {
  t.equal(parse(withFields('Accept: a', 'X: 1', 'ACCEPT: b')).headers.get('accept'), 'a, b')
})

t.test('refuses a header line without a token before its colon with 400', async (t) => {
  for (const line of ['Name', ': x', 'Na me: x', 'Name : x', '\tName: x', 'N\xe4me: x', 'N\0me: x']) {
    t.equal(refusal(withFields(line)), 400, JSON.stringify(line))
  }
})

t.test('refuses a folded line with 400', async (t) => {
  t.equal(refusal(withFields('A: b', ' c')), 400)
  t.equal(refusal(withFields('A: b', '\tc: d')), 400)
})

t.test('refuses an empty line between the fields with 400', async (t) => {
  t.equal(refusal(withFields('A: b', '', 'C: d')), 400)
})

t.test('refuses control characters in a value with 400', async (t) => {
  for (const byte of ['\0', '\r', '\x0b', '\x1b', '\x7f']) t.equal(refusal(withFields(`A: b${byte}c`)), 400)
})

t.test('requires one valid Host in HTTP/1.1, and at most one in HTTP/1.0', async (t) => {
  t.equal(refusal('GET / HTTP/1.1\r\n\r\n'), 400)
  t.equal(refusal('GET / HTTP/1.1\r\nHost:\r\n\r\n'), 0)
  t.equal(refusal(withFields('Host: a', 'host: a')), 400)
  for (const host of ['a.example', 'a:80', 'a:', '127.0.0.1:8080', '[::1]:8080', '[::1]']) {
    t.equal(refusal(withFields(`Host: ${host}`)), 0, host)
  }
  for (const host of ['a b', 'a, b', 'a/b', 'a:b', '[::1', '::1', '"a"', 'u@a', '\xe9']) {
    t.equal(refusal(withFields(`Host: ${host}`)), 400, host)
  }
})

t.test('reads a hundred header fields, and refuses one more with 431', async (t) => {
  const fields = Array.from({ length: 101 }, (_, i) => `A${i}: b`)
  t.equal(refusal(withFields(...fields.slice(1))), 0)
  t.equal(refusal(withFields(...fields)), 431)
})

t.test('reads the longest head that is made to be slow quickly', async (t) => {
  const many = 16_000
  const started = performance.now()
  for (const filler of [' ', '\t', ':', '%41', '/', '?', '.', '\xa0']) {
    refusal(withFields(`A: b${filler.repeat(many / filler.length)}c`))
    refusal(withFields(`Host: b${filler.repeat(many / filler.length)}c`))
    refusal(get(`/${filler.repeat(7900 / filler.length)}`))
    refusal(get(`http://${filler.repeat(7900 / filler.length)}`))
  }
  t.ok(performance.now() - started < 500)
})

/** A head with random defects. */
const nearlyHead = fc
  .array(
    fc.oneof(
      fc.constantFrom(
        'GET',
        ' ',
        '/',
        '*',
        '?',
        '%',
        '%41',
        'HTTP/1.1',
        'HTTP/1.0',
        '\r',
        '\n',
        '\r\n',
        ':',
        'Host',
        '\t',
      ),
      fc.constantFrom('GET / HTTP/1.1\r\n', 'Host: a\r\n', 'OPTIONS', 'http://', '\0', '\xff'),
      fc.string(),
    ),
  )
  .map((parts) => Buffer.from(parts.join(''), 'latin1'))

t.test('returns a head or throws BadRequest for any bytes', async () => {
  const bytes = fc.uint8Array({ maxLength: 200 }).map((array) => Buffer.from(array))
  fc.assert(
    fc.property(fc.oneof(bytes, nearlyHead), (head) => {
      refusal(head.toString('latin1'))
    }),
    { numRuns: 2000 },
  )
})

t.test('reads the values that a valid head was made of', async () => {
  const token = fc.stringMatching(/^[!#$%&'*+.^_`|~0-9A-Za-z-]{1,20}$/)
  const value = fc.stringMatching(/^([!-~\x80-\xff]([ \t!-~\x80-\xff]{0,20}[!-~\x80-\xff])?)?$/)
  const fields = fc.uniqueArray(fc.tuple(token, value), { selector: ([name]) => name.toLowerCase(), maxLength: 20 })
  const path = fc.string({ unit: 'grapheme' }).filter((text) => !/\p{Cc}/u.test(text))
  const line = fc.constantFrom('\r\n', '\n')
  fc.assert(
    fc.property(token, path, fields, line, (method, name, someFields, eol) => {
      const sent = someFields.filter(([key]) => key.toLowerCase() !== 'host')
      const lines = [
        `${method} /${encodeURIComponent(name)} HTTP/1.1`,
        'Host: a',
        ...sent.map(([key, text]) => `${key}:  ${text}\t`),
        '',
        '',
      ]
      const head = parse(lines.join(eol))
      const expected = new Map([['host', 'a'], ...sent.map(([key, text]) => [key.toLowerCase(), text] as const)])
      return (
        head.method === method &&
        head.path === `/${name}` &&
        JSON.stringify([...head.headers]) === JSON.stringify([...expected])
      )
    }),
  )
})
