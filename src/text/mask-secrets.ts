/**
 * Hides passwords, tokens and keys in text that is shown or logged: command lines, addresses, and what programs write to their
 * standard error. It recognizes the usual forms of secrets, and hides too much rather than too little. Each pattern looks at a
 * bounded piece of the text, so that the time is in proportion to its length.
 */

const MASK = '***'
/** Maximum length of a name or a secret that a pattern looks at, in characters. */
const MOST = 256

/** The value behind a name: in quotes, or up to a blank. The last quote may be missing where a line was cut. */
const VALUE = `(?:"[^"]{0,${MOST}}(?:"|$)|'[^']{0,${MOST}}(?:'|$)|[^\\s"'&])(?:"[^"]{0,${MOST}}(?:"|$)|'[^']{0,${MOST}}(?:'|$)|[^\\s"'&]){0,${MOST}}`

/** Last parts of names of secrets. Names with other meanings as well count only where a value is set. */
const CERTAIN = 'pass(?:w(?:or)?d|phrase|code)|pwd|secret|token|credentials?|(?:api|access|private|stream|auth)[-_]?key'
const NAME = `(?:${CERTAIN}|pass|pw|key|auth|sig|sign|signature|hmac|session)`

const PATTERNS: readonly (readonly [RegExp, string])[] = [
  // Of an address: user:password@host, with a scheme (RFC 3986, section 3.2.1) or without; `…` ends a line that was cut.
  [new RegExp(`(://[^\\s/?#:@"']{0,${MOST}}:)[^\\s/?#"']{1,${MOST}}(?:@|…$)`, 'g'), `$1${MASK}@`],
  [new RegExp(`([^\\s/?#:@"'=]{1,${MOST}}:)(?!//)[^\\s/:@"']{1,${MOST}}@(?=[\\w[])`, 'g'), `$1${MASK}@`],
  // The key of a stream that is published by RTMP is the last part of its path.
  [new RegExp(`(rtmp[a-z]{0,3}://[^\\s/"']{1,${MOST}}/[^\\s/"']{1,${MOST}}/)[^\\s"'?]{1,${MOST}}`, 'gi'), `$1${MASK}`],
  // Header fields (RFC 9110, section 11.6.2; RFC 6265), up to the end of the line or of the word.
  [/((?:authorization|cookie|x-[\w-]{0,32}(?:key|token|auth))["']?\s{0,4}:\s{0,4})[^"'\r\n]+/gi, `$1${MASK}`],
  [/\b(bearer\s{1,4})[^\s"']+/gi, `$1${MASK}`],
  // A JSON Web Token (RFC 7519).
  [new RegExp(`\\beyJ[\\w-]{1,${MOST}}\\.[\\w.-]+`, 'g'), MASK],
  // name=value in queries, assignments and flags; a name: value that is certain.
  [new RegExp(`(${NAME}=)${VALUE}`, 'gi'), `$1${MASK}`],
  [new RegExp(`((?:${CERTAIN})["']?\\s{0,4}:\\s{0,4})(?!//)${VALUE}`, 'gi'), `$1${MASK}`],
  // --password value, -passphrase value; sshpass and the clients of MySQL have -p with the value behind or in the same word.
  [new RegExp(`((?:^|\\s)--?(?:[\\w-]{0,32}[-_])?${NAME}\\s{1,4})${VALUE}`, 'gi'), `$1${MASK}`],
  [
    new RegExp(`(\\b(?:sshpass|mysql|mysqldump|mariadb)\\s(?:[^|;]{0,${MOST}}?\\s)?-p\\s{0,4})${VALUE}`, 'g'),
    `$1${MASK}`,
  ],
  [
    new RegExp(`((?:^|\\s)-p)(?![a-z_]+(?::\\w+)?(?:\\s|$))(?!\\d{1,5}(?:\\s|$))[^\\s"'-][^\\s]{0,${MOST}}`, 'g'),
    `$1${MASK}`,
  ],
  [new RegExp(`((?:^|\\s)-p\\s{1,4})(?!\\d{1,5}(?:\\s|$))(?![-/.~|<>&])${VALUE}`, 'g'), `$1${MASK}`],
  // -u user:password, --proxy-user=user:password, as curl has them.
  [
    new RegExp(
      `((?:^|\\s)(?:-u|-U|--[\\w-]{0,32}user(?:pwd)?)[\\s=]{0,4}["']?[^\\s:"'/]{1,${MOST}}:)[^\\s"']{1,${MOST}}`,
      'g',
    ),
    `$1${MASK}`,
  ],
]

const SECRET_FLAG = new RegExp(`^--?(?:[\\w-]{0,32}[-_])?${NAME}$`, 'i')
const SECRET_SET = new RegExp(`^(-{0,2}[\\w-]{0,64}?${NAME}=).+$`, 'is')

/** @returns the text with `***` in place of everything that has the form of a secret. */
export function maskSecrets(text: string): string {
  return PATTERNS.reduce((masked, [pattern, replacement]) => masked.replace(pattern, replacement), text)
}

/** @returns the command line of these words, masked as by `maskSecrets`; blanks within a word do not end a secret. */
export function maskedCommand(words: readonly string[]): string {
  const masked = words.map((word, at) => {
    if (SECRET_FLAG.test(words[at - 1] ?? '')) return MASK
    return word.replace(SECRET_SET, `$1${MASK}`)
  })
  return maskSecrets(masked.join(' '))
}
