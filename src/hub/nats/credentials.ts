import {
  type Authenticator,
  credsAuthenticator,
  nkeyAuthenticator,
  tokenAuthenticator,
  usernamePasswordAuthenticator,
} from '@nats-io/transport-node'
import { readRegularFile } from '../../system/read-regular-file.ts'
import { HubCredentialsError } from './credentials-error.ts'

/** Maximum size of the file, in bytes. */
const MAX_BYTES = 64 * 1024
const FORMS = 'needs one line, USER:PASSWORD, a token or the seed of an nkey, or else a file of nsc (.creds)'

/** Any nonce, for a trial signature. */
const NONCE = 'AAAAAAAAAAAAAAA'

/** Reads the credentials of a file. @throws HubCredentialsError */
export async function readCredentials(file: string): Promise<Authenticator> {
  const text = await readText(file)
  const make = authenticatorOf(text.trim().replaceAll('\r\n', '\n'))
  if (make === undefined) throw new HubCredentialsError(file, text.trim() === '' ? `is empty; ${FORMS}` : FORMS)
  try {
    // A wrong seed is found when it signs.
    make(NONCE)
  } catch (error) {
    throw new HubCredentialsError(file, `its seed or its JWT is not valid; ${FORMS}`, error)
  }
  return make
}

async function readText(file: string): Promise<string> {
  try {
    return (await readRegularFile(file, MAX_BYTES)).toString()
  } catch (error) {
    throw new HubCredentialsError(file, `cannot be read: ${(error as Error).message}`, error)
  }
}

function authenticatorOf(text: string): Authenticator | undefined {
  if (text.includes('BEGIN NATS USER JWT')) return credsAuthenticator(Buffer.from(`${text}\n`))
  if (text === '' || /\s/.test(text)) return undefined
  if (/^SU[A-Z2-7]{56}$/.test(text)) return nkeyAuthenticator(Buffer.from(text))
  const colon = text.indexOf(':')
  return colon === -1
    ? tokenAuthenticator(text)
    : usernamePasswordAuthenticator(text.slice(0, colon), text.slice(colon + 1))
}
