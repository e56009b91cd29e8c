/** Reads the format options of one file of SoX as a layout of samples. */

type Options = ReadonlyMap<string, string>

// File types that determine encoding and size.
const types: ReadonlyMap<string, string> = new Map([
  ['u8', 'u8'],
  ['ub', 'u8'],
  ['s16', 's16'],
  ['sw', 's16'],
  ['s24', 's24'],
  ['s32', 's32'],
  ['sl', 's32'],
  ['f32', 'f32'],
  ['f64', 'f64'],
  ['ul', 'mulaw'],
  ['al', 'alaw'],
])

const letters: ReadonlyMap<string, string> = new Map([
  ['signed-integer', 's'],
  ['signed', 's'],
  ['unsigned-integer', 'u'],
  ['unsigned', 'u'],
  ['floating-point', 'f'],
  ['float', 'f'],
])

/** Returns the layout in the syntax of `-pcm`, if the arguments state type, rate and channels (for raw, also encoding and bits). */
export function soxLayout(options: Options): string | undefined {
  if (['N', 'X', 'reverse-nibbles', 'reverse-bits'].some((name) => options.has(name))) return undefined
  const sample = sampleType(options)
  const order = byteOrder(options)
  const rate = hertz(either(options, 'r', 'rate'))
  const channels = either(options, 'c', 'channels')
  if (sample === undefined || order === undefined || rate === undefined || channels === undefined) return undefined
  return `${sample}${/\d\d$/.test(sample) ? order : ''}:${rate}:${channels}`
}

function sampleType(options: Options): string | undefined {
  const type = either(options, 't', 'type')
  const bits = either(options, 'b', 'bits')
  const encoding = either(options, 'e', 'encoding')
  if (type === 'raw') return encoding && bits && `${letters.get(encoding)}${bits}`
  // Beside a type that determines it, an encoding may or may not override it.
  return type === undefined || encoding !== undefined || bits !== undefined ? undefined : types.get(type)
}

/** SoX writes the byte order of the machine by default. */
function byteOrder(options: Options): string | undefined {
  const orders = [...options.keys()].filter((name) => ['L', 'B', 'x', 'endian'].includes(name))
  if (orders.length === 0) return nativeOrder
  if (orders.length > 1) return undefined
  const order = options.get('endian') ?? orders[0]
  if (order === 'L' || order === 'little') return 'le'
  return order === 'B' || order === 'big' ? 'be' : undefined
}

const nativeOrder = new Uint8Array(Uint16Array.of(1).buffer)[0] === 1 ? 'le' : 'be'

/** SoX reads `44.1k` as 44100. */
function hertz(text: string | undefined): number | undefined {
  const [, number, kilo] = /^(\d+(?:\.\d+)?)(k?)$/.exec(text ?? '') ?? []
  if (number === undefined) return undefined
  return kilo ? Math.round(Number(number) * 1000) : Number(number)
}

/** Returns undefined if both names are used, because their order is not known here. */
function either(options: Options, short: string, long: string): string | undefined {
  if (options.has(short) && options.has(long)) return undefined
  return options.get(short) ?? options.get(long)
}
