/** The hashes of passwords in htpasswd files. */
import apacheMd5 from 'apache-md5'
import { compareSync } from 'bcryptjs'
import { formOfHash, type HashForm } from './hash-forms.ts'
import { isSameSecret } from './same-secret.ts'
import { shaCryptDigests } from './sha-crypt.ts'

// The types of the package declare a default export, but the module itself is the function.
const apr1 = apacheMd5 as unknown as (password: string, hash: string) => string

type Match = (password: string, hash: string) => boolean

const MATCHES: Readonly<Record<HashForm, Match>> = {
  bcrypt: compareSync,
  // The package takes each character as a byte.
  apr1: (password, hash) => isSameSecret(apr1(Buffer.from(password).toString('latin1'), hash), hash),
  'sha-crypt': (password, hash) => isSameSecret(...shaCryptDigests(password, hash)),
}

/**
 * Whether a password belongs to a hash; false when the hash has no form that is known. It takes up to 100 ms of processor time, and
 * longer with higher costs of the hash.
 */
export function matchesHash(password: string, hash: string): boolean {
  const form = formOfHash(hash)
  return form !== undefined && MATCHES[form](password, hash)
}
