import fc from 'fast-check'
import t from 'tap'
import { pcmFromCommand } from '../../src/config/pcm-from-command.ts'

function shell(line: string): string | undefined {
  const pcm = pcmFromCommand({ kind: 'shell', line })
  return pcm && `${pcm.encoding}:${pcm.rate}:${pcm.channels}`
}

const cd = 's16le:44100:2'

const understood: Readonly<Record<string, string>> = {
  'arecord -f cd --file-type raw': cd,
  'arecord -f cd -t raw': cd,
  'arecord -fcd -traw': cd,
  'arecord -qtraw -fdat': 's16le:48000:2',
  'arecord --format=cd --file-type=raw -': cd,
  'arecord --format CD -t RAW -D hw:1,0 -d 0': cd,
  'arecord -t raw': 'u8:8000:1',
  'arecord -t raw -f S16_LE -r 44100 -c 2': cd,
  'arecord -t raw -f s24_3le -r 96000 -c 1': 's24le:96000:1',
  'arecord -t raw -f FLOAT_LE -r 48 -c2': 'f32le:48000:2',
  'arecord -t raw -f MU_LAW': 'mulaw:8000:1',
  'arecord -c 1 -f cd -t raw': cd,
  'arecord -f cd -c 1 -t raw': 's16le:44100:1',
  'arecord -f cd -t wav -t raw': cd,
  '/usr/bin/arecord -f cd -t raw': cd,
  'exec arecord -f cd -t raw': cd,
  'arecord -f cd -t raw 2>/dev/null': cd,
  'arecord -f cd -t raw 2> /dev/null': cd,
  "arecord -D 'hw:My Card' -f \"cd\" -t r'a'w": cd,
  'curl -sS localhost | arecord -f cd -t raw': cd,
  "'arecord' -f cd -t raw": cd,
  parec: cd,
  'parec -d alsa_input.pci.monitor --latency-msec=20': cd,
  'parec --format=float32le --rate=48000 --channels=1': 'f32le:48000:1',
  'parec --format s24le --rate 96000 --raw': 's24le:96000:2',
  'parec --channels=2 --channel-map=front-left,front-right': cd,
  'pamon --rate=8000': 's16le:8000:2',
  'parecord --raw': cd,
  'pacat -r': cd,
  'pacat --record --rate=48000': 's16le:48000:2',
  'sox in.wav -t raw -r 44100 -e signed -b 16 -c 2 -': cd,
  'sox in.wav -t raw -r 44.1k -e signed-integer -b 16 -c 2 -L -': cd,
  'sox in.wav --type raw --rate 44100 --encoding floating-point --bits 32 --channels 1 -': 'f32le:44100:1',
  'sox -n -t s16 -r 44100 -c 2 - synth 10 sine 440': cd,
  'sox -q -V1 -v 0.5 in.mp3 -t s24 -r 48000 -c 2 - vol 0.5': 's24le:48000:2',
  'sox -d -t ul -r 8000 -c 1 -': 'mulaw:8000:1',
  'curl -s x | sox -t mp3 - -t s16 -r 44100 -c 2 -': cd,
  'rec -q -t raw -r 44100 -e signed -b 16 -c 2 -': cd,
  'rec -t s16 -r 44100 -c 2 - gain -3': cd,
  'ffmpeg -i in.mp3 -f s16le -ar 44100 -ac 2 -': cd,
  'ffmpeg -re -stream_loop -1 -i in.mp3 -vn -f s16le -ar 44100 -ac 2 pipe:1': cd,
  'ffmpeg -i a -i b -map 1:a -acodec pcm_s16le -f s16le -ac 2 -ar 44100 pipe:': cd,
  'ffmpeg -f alsa -ar 8000 -i hw:0 -f f32le -ar 48000 -ac 1 -v error -': 'f32le:48000:1',
}

const doubted: readonly string[] = [
  'cat song.raw',
  'lame -r - -',
  'exec',
  '| arecord -f cd -t raw',
  'arecord -f cd',
  'arecord -f cd -t wav',
  'arecord -f cd -t raw -t wav',
  'arecord -f cd -t raw file.raw',
  'arecord -f cdr -t raw',
  'arecord -f S24_LE -t raw',
  'arecord -f S16_BE -t raw',
  'arecord -f cd -t raw -r 44.1',
  'arecord -f cd -t raw -r many',
  'arecord -f cd -t raw -c 0',
  'arecord -f cd -t raw -I',
  'arecord -f cd -t raw --mystery',
  'arecord -f cd -t raw --mmap=1',
  'arecord -f cd -t raw -r',
  'arecord -f cd -t raw -:',
  'arecord -f cd -t raw | lame -r - -',
  'arecord -f cd -t raw; cat',
  'arecord -f cd -t raw &',
  'arecord -f cd -t raw && cat',
  'arecord -f cd -t raw || cat',
  'arecord -f cd -t raw |& cat',
  'arecord -f $FORMAT -t raw',
  'arecord -f "$FORMAT" -t raw',
  'arecord -f `cat format` -t raw',
  'arecord -f cd -t raw > file',
  'arecord -f cd -t raw 2>&1',
  'arecord -f cd -t raw\ncat',
  'arecord -f cd -t raw # raw',
  'arecord -f cd -t raw *',
  'arecord -f cd -t raw ~',
  'arecord -f "cd -t raw',
  'RATE=1 arecord -f cd -t raw',
  '(arecord -f cd -t raw)',
  'arecord -f cd -t raw\\',
  'parecord',
  'parec --file-format=wav',
  'parec --file-format',
  'parec file.raw',
  'parec --format=s24-32le',
  'parec --format=s16be',
  'parec --fix-rate',
  'parec --channel-map=mono',
  'pacat',
  'pacat -r -p',
  'sox in.wav -',
  'sox in.wav -t wav -',
  'sox in.wav -t raw -r 44100 -e signed -b 16 -',
  'sox in.wav -t raw -r 44100 -b 16 -c 2 -',
  'sox in.wav -t raw -r 44100 -e signed -c 2 -',
  'sox in.wav -t raw -e signed -b 16 -c 2 -',
  'sox in.wav -t raw -r 44100 -e signed -b 16 -c 2 out.raw',
  'sox -t raw -r 44100 -e signed -b 16 -c 2 - out.wav',
  'sox -t raw -r 44100 -e signed -b 16 -c 2 -',
  'sox in.wav -t s16 -B -r 44100 -c 2 -',
  'sox in.wav -t s16 --endian big -r 44100 -c 2 -',
  'sox in.wav -t s16 -L -B -r 44100 -c 2 -',
  'sox in.wav -t s16 -X -r 44100 -c 2 -',
  'sox in.wav -t s16 -b 24 -r 44100 -c 2 -',
  'sox in.wav -t s16 -r 44100 -c 2 - rate 22050',
  'sox in.wav -t s16 -r 44100 -c 2 - remix 1',
  'sox in.wav -t s16 -r 44100 -c 2 - trim 0 1 : newfile',
  'sox in.wav -t raw -e mystery -b 16 -r 44100 -c 2 -',
  'sox in.wav -p',
  'sox --mystery in.wav -t s16 -r 44100 -c 2 -',
  'rec in.wav -t s16 -r 44100 -c 2 -',
  'rec out.wav',
  'ffmpeg -f s16le -ar 44100 -ac 2 -',
  'ffmpeg -i in.mp3 -f s16le -ar 44100 -',
  'ffmpeg -i in.mp3 -f s16le -ac 2 -',
  'ffmpeg -f s16le -ar 44100 -ac 2 -i in.raw -',
  'ffmpeg -i in.mp3 -f mp3 -ar 44100 -ac 2 -',
  'ffmpeg -i in.mp3 -f s16be -ar 44100 -ac 2 -',
  'ffmpeg -i in.mp3 -f s16le -ar 44100 -ac 2 out.raw',
  'ffmpeg -i in.mp3 -f s16le -ar 44100 -ac 2 a.raw -',
  'ffmpeg -i in.mp3 -f mp3 a.mp3 -f s16le -ar 44100 -ac 2 -',
  'ffmpeg -i in.mp3 -c:a copy -f s16le -ar 44100 -ac 2 -',
  'ffmpeg -i in.mp3 -acodec pcm_s24le -f s16le -ar 44100 -ac 2 -',
  'ffmpeg -i in.mp3 -an -f s16le -ar 44100 -ac 2 -',
  'ffmpeg -i in.mp3 -mystery 1 -f s16le -ar 44100 -ac 2 -',
  'ffmpeg -i -',
]

t.test('reads the format from recorders with all parameters', async (t) => {
  for (const [line, format] of Object.entries(understood)) t.equal(shell(line), format, line)
})

t.test('returns no format in case of doubt', async (t) => {
  for (const line of doubted) t.equal(shell(line), undefined, line)
  t.equal(shell(''), undefined)
})

function words(file: string, ...args: string[]): number | undefined {
  return pcmFromCommand({ kind: 'words', file, args })?.rate
}

t.test('reads a command in words unchanged', async (t) => {
  t.equal(words('arecord', '-f', 'cd', '-t', 'raw'), 44_100)
  t.equal(words('/usr/bin/arecord', '-D', '$card; rm', '-f', 'dat', '-t', 'raw'), 48_000)
  t.equal(words('sh', '-c', 'cat x | arecord -f cd -t raw'), 44_100)
  t.equal(words('/bin/bash', '-c', 'arecord -f cd -t raw'), 44_100)
  t.equal(words('sh', '-c', 'arecord -f $F -t raw'), undefined)
  t.equal(words('sh', 'arecord -f cd -t raw'), undefined)
  t.equal(words('sh', '-c'), undefined)
  t.equal(words('cat'), undefined)
})

t.test('never fails for any command line', async () => {
  const programs = fc.constantFrom('arecord', 'parec', 'parecord', 'pacat', 'sox', 'rec', 'ffmpeg', 'sh', 'cat')
  const pieces =
    '-t raw -f cd -r 44100 -c 2 - -- -i --format= --rate -e -b 16 | $ \' " synth -n -ar -ac s16le -V3'.split(' ')
  const args = fc.array(fc.oneof(fc.constantFrom(...pieces), fc.string()))
  fc.assert(
    fc.property(programs, args, (file, args) => {
      pcmFromCommand({ kind: 'words', file, args })
      pcmFromCommand({ kind: 'shell', line: [file, ...args].join(' ') })
      return true
    }),
    { numRuns: 2000 },
  )
})
