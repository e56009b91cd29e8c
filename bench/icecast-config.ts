/** Values that Icecast and its source share. */

/** Path of the stream. */
export const ICECAST_PATH = '/stream'
const PASSWORD = 'bench'

/** Request that a source sends before its stream. */
export const SOURCE_REQUEST = [
  `SOURCE ${ICECAST_PATH} HTTP/1.0`,
  `Authorization: Basic ${Buffer.from(`source:${PASSWORD}`).toString('base64')}`,
  'Content-Type: audio/mpeg',
  '\r\n',
].join('\r\n')

/** Icecast's defaults, except for the number of clients. @param folder for its logs. */
export function icecastConfig(port: number, folder: string): string {
  return `<icecast>
  <hostname>127.0.0.1</hostname><location>here</location><admin>nobody@localhost</admin>
  <limits><clients>30000</clients><sources>2</sources></limits>
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
