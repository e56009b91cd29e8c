/** ffmpeg, when it says all about its only output: `-f s16le -ar 44100 -ac 2 -`. */
import type { Recorder } from './capture-program.ts'

const formats = words('u8 s16le s24le s32le f32le f64le mulaw alaw')

// Only options that cannot change the layout behind the back of -f, -ar and -ac; any other leaves a doubt.
const switches = words('-y -n -vn -sn -dn -nostdin -hide_banner -nostats -stats -bitexact')
const codecOptions = words('-acodec -c:a -codec:a -c -codec')
const valued = new Set([
  ...codecOptions,
  ...words('-f -ar -ac -af -filter:a -vol -map -t -to -ss -v -loglevel -metadata -map_metadata -threads -bufsize'),
  ...words('-flush_packets -fflags'),
])
const outputs = words('- pipe: pipe:1')

export const ffmpegFormat: Recorder = (args) => {
  const lastInput = args.lastIndexOf('-i')
  const output = args.at(-1) ?? ''
  if (lastInput < 0 || lastInput > args.length - 3 || !outputs.has(output)) return undefined
  const said = outputOptions(args.slice(lastInput + 2, -1))
  return said && layout(said)
}

/** @returns undefined when there is more between the last input and the output than options we know. */
function outputOptions(args: readonly string[]): ReadonlyMap<string, string> | undefined {
  const said = new Map<string, string>()
  const rest = args.values()
  for (const word of rest) {
    if (switches.has(word)) continue
    const next = rest.next()
    if (!valued.has(word) || next.done) return undefined
    said.set(word, next.value)
  }
  return said
}

function layout(said: ReadonlyMap<string, string>): string | undefined {
  const format = said.get('-f')
  const rate = said.get('-ar')
  const channels = said.get('-ac')
  if (format === undefined || !formats.has(format) || rate === undefined || channels === undefined) return undefined
  const codecs = [...codecOptions].flatMap((option) => said.get(option) ?? [])
  return codecs.every((codec) => codec === `pcm_${format}`) ? `${format}:${rate}:${channels}` : undefined
}

function words(text: string): ReadonlySet<string> {
  return new Set(text.split(' '))
}
