/** Arguments of ffmpeg, if they fully describe its only output: `-f s16le -ar 44100 -ac 2 -`. */
import type { CaptureProgram } from './capture-program.ts'

const formats = words('u8 s16le s24le s32le f32le f64le mulaw alaw')

// Options that cannot change the layout set by -f, -ar and -ac; with any other option the layout is unknown.
const switches = words('-y -n -vn -sn -dn -nostdin -hide_banner -nostats -stats -bitexact')
const codecOptions = words('-acodec -c:a -codec:a -c -codec')
const valued = new Set([
  ...codecOptions,
  ...words('-f -ar -ac -af -filter:a -vol -map -t -to -ss -v -loglevel -metadata -map_metadata -threads -bufsize'),
  ...words('-flush_packets -fflags'),
])
const outputs = words('- pipe: pipe:1')

export const ffmpegFormat: CaptureProgram = (args) => {
  const lastInput = args.lastIndexOf('-i')
  const output = args.at(-1) ?? ''
  if (lastInput < 0 || lastInput > args.length - 3 || !outputs.has(output)) return undefined
  const options = outputOptions(args.slice(lastInput + 2, -1))
  return options && layout(options)
}

/** Returns undefined if there are unknown options between the last input and the output. */
function outputOptions(args: readonly string[]): ReadonlyMap<string, string> | undefined {
  const options = new Map<string, string>()
  const rest = args.values()
  for (const word of rest) {
    if (switches.has(word)) continue
    const next = rest.next()
    if (!valued.has(word) || next.done) return undefined
    options.set(word, next.value)
  }
  return options
}

function layout(options: ReadonlyMap<string, string>): string | undefined {
  const format = options.get('-f')
  const rate = options.get('-ar')
  const channels = options.get('-ac')
  if (format === undefined || !formats.has(format) || rate === undefined || channels === undefined) return undefined
  const codecs = [...codecOptions].flatMap((option) => options.get(option) ?? [])
  return codecs.every((codec) => codec === `pcm_${format}`) ? `${format}:${rate}:${channels}` : undefined
}

function words(text: string): ReadonlySet<string> {
  return new Set(text.split(' '))
}
