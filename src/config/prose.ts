/** Texts that help and the man page share. */

export const summary = 'streamserve sends a live stream from a pipe to thousands of HTTP listeners.'

/** Forms of the command line, after the name of the program. */
export const usages: readonly string[] = [
  '[flags]',
  '[flags] -exec COMMAND [ARGUMENT ...]',
  '[flags] -exec "COMMAND | COMMAND" [flags]',
  '-sign /PATH [-for TIME] -listen-key KEY',
  '-probe URL [-for TIME] [-log-format json]',
  '-check [flags]',
]

export const valueRules =
  'A value follows its flag after a space or an equals sign; two dashes are the same as one: -burst 2s, --burst=2s. ' +
  'A flag without a value is turned off with =false, as in -reopen=false. Durations are written 150ms, 30s or 1h15m; ' +
  'sizes are in bytes, without a unit.'

/** Explanation of the mark in help. */
export const scopeRule =
  'Flags marked * apply to the whole program. All others apply to a stream; each section of a configuration file may have ' +
  'its own.'

/** An example of a command line. */
interface Example {
  /** Its purpose: a sentence without its full stop. */
  readonly purpose: string
  /** The lines to type; all but the last end in a backslash. */
  readonly lines: readonly string[]
}

/** Examples for new users of the program. */
export const examples: readonly Example[] = [
  {
    purpose: 'Play a test melody; open http://localhost:8080/ in a browser',
    lines: ['streamserve -demo -address :8080'],
  },
  {
    purpose: 'Stream the sound card to the browsers of the network',
    lines: ['streamserve -address :8080 -exec "arecord -f cd --file-type raw"'],
  },
  {
    purpose: 'Stream it as MP3, encoded once, and only while there are listeners',
    lines: [
      'streamserve -address :6464 -frame-filter mp3 -close-idle \\',
      "            -exec sh -c 'arecord -f cd -t raw | lame -r -b 128 - -'",
    ],
  },
  {
    purpose: 'Play a folder of music in random order',
    lines: ['streamserve -address :8080 -play ~/music -shuffle'],
  },
  {
    purpose: 'Take sound from programs that publish to Icecast, at any path',
    lines: ['streamserve -publish -publish-password file:/etc/dj-password'],
  },
]
