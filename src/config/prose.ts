/** What help and the man page both say. */

export const summary = 'streamserve reads a live stream from a pipe and gives it to every listener.'

/** What follows the program's name. */
export const usages: readonly string[] = [
  '[flags]',
  '[flags] -exec COMMAND [ARGUMENT ...]',
  '[flags] -exec "COMMAND | COMMAND" [flags]',
]

export const valueRules =
  'A value follows its flag after a blank or an equals sign, and two dashes do as well as one: -burst 2s, --burst=2s. ' +
  'A switch is turned off by -reopen=false. Durations are written 150ms, 30s, 1h15m; sizes are plain numbers of bytes.'

/** A command line worth knowing. */
interface Example {
  /** What it is for: a sentence without its full stop. */
  readonly what: string
  /** As it is typed; all lines but the last end in a backslash. */
  readonly lines: readonly string[]
}

/** Examples for new users of the program. */
export const examples: readonly Example[] = [
  {
    what: 'A melody, to hear that it works; open http://localhost:8080/ in a browser',
    lines: ['streamserve -demo -address :8080'],
  },
  {
    what: 'The sound card, in every browser of the network',
    lines: ['streamserve -address :8080 -exec "arecord -f cd --file-type raw"'],
  },
  {
    what: 'The same as MP3, encoded once for everybody and only while somebody listens',
    lines: [
      'streamserve -address :6464 -frame-filter mp3 -close-idle \\',
      "            -exec sh -c 'arecord -f cd -t raw | lame -r -b 128 - -'",
    ],
  },
]
