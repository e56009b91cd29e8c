import { installationOf } from '../system/installation.ts'

/** Column of the text behind a command. */
const COLUMN = 72

/**
 * Returns the text for a terminal when the demo has started: its address, and commands to try next.
 * @param address URL that the program listens at. @param url address that clients in the network can open
 */
export function demoBanner(address: string, url: string, installation = installationOf()): string {
  const here = address.replace('0.0.0.0', 'localhost').replace('[::]', 'localhost')
  const elsewhere = url === here ? '' : `\n  In the network:  ${url}/`
  const { command, isPackage } = installation
  const next = [
    [`${command} -address :8080 -exec "arecord -f cd --file-type raw"`, 'the sound card'],
    [`${command} -address :8080 -exec "ffmpeg -re -i FILE -f mp3 -"`, 'any file, as MP3'],
    [`${command} -help`, 'all flags'],
    ...(isPackage ? ofPackage : []),
  ] as const
  return `
  Open ${here}/ in a browser, or in a terminal:  ffplay -nodisp ${here}/${elsewhere}

  Commands to try next:
${next.map(([line, what]) => `    ${line.padEnd(COLUMN)} ${what}`).join('\n')}

`
}

const ofPackage = [
  ['man streamserve', 'the manual'],
  ['/etc/streamserve/main.conf', 'the flags of the service'],
  ['systemctl enable --now streamserve@main', 'start it, now and at each boot'],
] as const
