import fc from 'fast-check'
import t from 'tap'
import { maskedCommand, maskSecrets } from '../../src/text/mask-secrets.ts'

/** Texts that may contain a secret, marked `@@`. */
const FORMS = [
  'ffmpeg -i rtsp://admin:@@@camera.local/stream1 -f mp3 -',
  'ffmpeg -i http://:@@@host/x -',
  'ffmpeg -i rtsp://admin:@@…',
  'curl -sS https://user:@@@radio.example:8443/live.mp3?x=1',
  'darkice source:@@@icecast.local:8000',
  'PASSWORD=@@ ffmpeg -i x',
  "PASSWORD='@@' ffmpeg -i x",
  'player --password=@@ file',
  'player --password @@ file',
  'player --http-passwd "@@" file',
  'player -passphrase @@ srt://host:9000',
  'srt://host:9000?mode=caller&passphrase=@@&latency=200',
  'https://cdn.example/live.m3u8?token=@@',
  'https://cdn.example/live.m3u8?a=b&api_key=@@&c=d',
  'https://cdn.example/live.m3u8?Expires=1&Signature=@@&Key-Pair-Id=K',
  'https://cdn.example/x?sig=@@ https://cdn.example/y?auth=@@',
  'https://cdn.example/x?pass=@@&pwd=@@&key=@@&secret=@@&accessToken=@@',
  "curl -H 'Authorization: Bearer @@' https://x/",
  'curl -H "authorization: Basic @@" https://x/',
  'curl -H "X-Api-Key: @@" https://x/',
  'curl --cookie a -H "Cookie: id=@@; b=@@" https://x/',
  'curl -u admin:@@ https://x/',
  'curl --user admin:@@ https://x/',
  'curl --proxy-user=admin:@@ https://x/',
  'sshpass -p @@ ssh pi arecord',
  'sshpass -p@@ ssh pi arecord',
  'mysql -u root -p@@ radio',
  'tool -p @@',
  'ffmpeg -re -i x -f flv rtmp://a.rtmp.youtube.com/live2/@@',
  'login failed, password: @@',
  'config {"user":"x","password":"@@"}',
  "config {'token': '@@'}",
  'streamserve -live-token @@',
  'streamserve -live-token=@@',
  'ffmpeg -decryption_key @@ -i x',
]

/**
 * Characters that occur in passwords and do not end a word; begins with an upper-case letter, so that it differs from option
 * names.
 */
const SECRET = fc.stringMatching(/^[A-Z][A-Za-z0-9!$*+,.^_~%-]{5,30}$/)

t.test('hides any secret in every form', async (t) => {
  for (const form of FORMS) {
    fc.assert(
      fc.property(SECRET, (secret) => {
        const masked = maskSecrets(form.replaceAll('@@', () => secret))
        return !masked.includes(secret) && masked.includes('***')
      }),
      { numRuns: 50 },
    )
    t.pass(form)
  }
})

t.test('hides a secret with blanks and marks where the words of a command are known', async () => {
  const anything = fc.string({ minLength: 6 }).filter((text) => !'player --token --password=file ***'.includes(text))
  fc.assert(
    fc.property(anything, (secret) => {
      const lines = [
        maskedCommand(['player', '--token', secret, 'file']),
        maskedCommand(['player', `--password=${secret}`, 'file']),
      ]
      return lines.every((line) => !line.includes(secret))
    }),
  )
})

t.test('leaves what is not a secret as it is', async (t) => {
  for (const text of [
    'arecord -f cd --file-type raw',
    'arecord -f cd -t raw | lame -r -b 128 - -',
    'curl -sS http://HOST:8080/ | lame -r -h -b 64 -a -m l - -',
    'ffmpeg -v error -re -stream_loop -1 -i jingle.flac -f mp3 -b:a 128k -pix_fmt yuv420p -preset fast -',
    'ffmpeg -v error -i rtsp://camera:554/stream -vn -profile:a aac_low -f adts -',
    'rtl_fm -f 118.1M -M am -s 8000 -p 22',
    'mkdir -p /tmp/streams && mkfifo /tmp/streams/tower',
    'ssh -p 2222 pi@radio.local arecord',
    '[mp3 @ 0x55d0c8] Estimating duration from bitrate, this may be inaccurate',
    'Input #0, mp3, from http://[2001:db8::1]:8000/live@home.mp3: 12:30:01',
    'http://host:8000/live@home.mp3',
    'x264 keyint=250 monkeys=1 author=me',
    'exit code 1',
    'spawn nosuch ENOENT',
  ])
    t.equal(maskSecrets(text), text)
})

t.test('changes nothing more when it is applied again', async () => {
  const text = fc.oneof(
    fc.string(),
    fc.tuple(fc.constantFrom(...FORMS), SECRET).map(([form, secret]) => form.replaceAll('@@', () => secret)),
  )
  fc.assert(fc.property(text, (some) => maskSecrets(maskSecrets(some)) === maskSecrets(some)))
})

t.test('takes time in proportion to the length of any text', async (t) => {
  const pieces = [
    'a',
    'a:',
    '://a:',
    'x@',
    'password=',
    '-p ',
    '"',
    "'",
    ' ',
    'eyJ',
    'rtmp://a/',
    '-',
    '--a-',
    'u:a@',
    'mysql ',
  ]
  for (const piece of pieces) {
    const began = performance.now()
    maskSecrets(piece.repeat(20_000 / piece.length))
    t.ok(performance.now() - began < 2_000, JSON.stringify(piece))
  }
})
