/** Values that Icecast and its source share. */

/** Path of the stream. */
export const ICECAST_PATH = '/stream'
export const PASSWORD = 'bench'

/** Path of one of many publishers, as in a station file of the benches. */
export function publisherPath(number: number): string {
  return `/s${number}`
}

/** Request that a source sends before its stream. */
export function sourceRequest(path: string): string {
  return [
    `SOURCE ${path} HTTP/1.0`,
    `Authorization: Basic ${Buffer.from(`source:${PASSWORD}`).toString('base64')}`,
    'Content-Type: audio/mpeg',
    '\r\n',
  ].join('\r\n')
}

/** Icecast's defaults, except for the numbers of clients and sources. @param folder for its logs. */
export function icecastConfig(port: number, folder: string): string {
  return `<icecast>
  <hostname>127.0.0.1</hostname><location>here</location><admin>nobody@localhost</admin>
  <limits><clients>30000</clients><sources>10000</sources></limits>
  <authentication>
    <source-password>${PASSWORD}</source-password>
    <admin-user>admin</admin-user><admin-password>${PASSWORD}</admin-password>
  </authentication>
  <listen-socket><port>${port}</port><bind-address>127.0.0.1</bind-address></listen-socket>
  <paths>
    <logdir>${folder}</logdir><webroot>${folder}</webroot><adminroot>${folder}</adminroot>
  </paths>
  <logging><accesslog>access.log</accesslog><errorlog>error.log</errorlog><loglevel>2</loglevel></logging>
</icecast>
`
}
