/** A form of hashed passwords. `apr1`: Apache's MD5. */
export type HashForm = 'bcrypt' | 'apr1' | 'sha-crypt'

const FORMS: readonly (readonly [HashForm, RegExp])[] = [
  ['bcrypt', /^\$2[aby]\$\d\d\$[./0-9A-Za-z]{53}$/],
  ['apr1', /^\$apr1\$[^$]{1,8}\$[./0-9A-Za-z]{22}$/],
  ['sha-crypt', /^\$[56]\$(?:rounds=\d{1,9}\$)?[^$]{0,16}\$(?:[./0-9A-Za-z]{43}|[./0-9A-Za-z]{86})$/],
]

/** Returns the form of a hash in an htpasswd file; undefined: it has none of them. */
export function formOfHash(hash: string): HashForm | undefined {
  return FORMS.find(([, form]) => form.test(hash))?.[0]
}
