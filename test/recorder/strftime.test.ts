import t from 'tap'
import { conversionOf, decomposed } from '../../src/recorder/strftime.ts'
import { needs, runProgram } from '../programs.ts'

const LETTERS = Array.from('aAbBCdDeFgGhHIjklmMpPrRsSTuUVwWxXyYz%')
/** Around ends of years and weeks, both hours of the end of summer time, noon and midnight. */
const TIMES = [
  '2024-12-29T23:59:59Z',
  '2024-12-31T12:00:00Z',
  '2026-01-01T00:00:00Z',
  '2026-01-04T11:05:09Z',
  '2026-03-29T00:59:59Z',
  '2026-03-29T01:00:00Z',
  '2026-10-25T00:30:00Z',
  '2026-10-25T01:30:00Z',
  '2027-01-03T13:00:00Z',
  '2028-02-29T22:22:22Z',
]

function formatted(pattern: string, date: Date): string {
  return decomposed(pattern).replaceAll(/%(.)/g, (_, letter: string) => conversionOf(letter).format(date))
}

function inZone(zone: string, task: () => void): void {
  const before = process.env['TZ']
  process.env['TZ'] = zone
  task()
  if (before === undefined) delete process.env['TZ']
  else process.env['TZ'] = before
}

t.test('all conversions have the results of date', { skip: needs('date') }, async (t) => {
  for (const zone of ['UTC', 'Europe/Berlin', 'America/St_Johns', 'Asia/Kathmandu', 'Pacific/Apia']) {
    inZone(zone, () => {
      for (const time of TIMES) {
        const format = LETTERS.map((letter) => `%${letter}`).join('|')
        const expected = runProgram('env', [`TZ=${zone}`, 'LC_ALL=C', 'date', '-d', time, `+${format}`])
        t.equal(formatted(format, new Date(time)), expected.toString().trimEnd(), `${time} in ${zone}`)
      }
    })
  }
})

t.test('each text of a conversion is one that its expression matches', async (t) => {
  for (const letter of 'aAbBCdegGHIjklmMnpPsStuUVwWyYzZ%') {
    const conversion = conversionOf(letter)
    for (let day = 0; day < 800; day += 1.37) {
      const text = conversion.format(new Date(Date.UTC(2026, 0, 1) + day * 86_400_000))
      if (!new RegExp(`^${conversion.texts}$`).test(text)) t.fail(`%${letter}: ${text}`)
    }
  }
})

t.test('names have no line ends, and the zone by its abbreviation', async (t) => {
  t.equal(formatted('%n%t', new Date()), '__')
  inZone('America/New_York', () => t.equal(formatted('%Z', new Date('2026-07-01T00:00:00Z')), 'EDT'))
  inZone('Europe/London', () => t.equal(formatted('%Z', new Date('2026-07-01T00:00:00Z')), 'BST'))
  inZone('UTC', () => t.equal(formatted('%Z', new Date()), 'UTC'))
})
