import fc from 'fast-check'
import t from 'tap'
import { httpDate, isoTime } from '../../src/text/utc-time.ts'

t.test('times are those of Date', async () => {
  const years = {
    min: new Date('0000-01-01T00:00:00Z'),
    max: new Date('9999-12-31T23:59:59.999Z'),
    noInvalidDate: true,
  }
  fc.assert(
    fc.property(fc.date(years), (date) => {
      return isoTime(date.getTime()) === date.toISOString() && httpDate(date.getTime()) === date.toUTCString()
    }),
  )
})
