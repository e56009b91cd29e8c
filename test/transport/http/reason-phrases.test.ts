import { STATUS_CODES } from 'node:http'
import t from 'tap'
import { REASON_PHRASES } from '../../../src/transport/http/response-head.ts'

t.test('has the reason phrases of node:http', async (t) => {
  for (const [status, phrase] of REASON_PHRASES) t.equal(phrase, STATUS_CODES[status], `${status}`)
})
