import t from 'tap'
import { formOfHash } from '../../../src/access/passwords/hash-forms.ts'
import { matchesHash } from '../../../src/access/passwords/hashes.ts'

const UNICODE = 'grüße 日本'

/** Passwords with their hashes, made by `htpasswd`, `openssl passwd` and crypt(3). */
const VECTORS: readonly (readonly [form: string, password: string, hash: string])[] = [
  ['bcrypt', 'hackme', '$2y$05$fboQcrIbM/2QlQI0mMWW2e.r.oiqzN24OX81ljAVN3DLnPbT2.nFS'],
  ['bcrypt', UNICODE, '$2y$04$P2aVh3b8PWQdxtTeQ2bBWe1MI8r1McSQ8xGb83gIZlHRxYGIs2TB2'],
  ['bcrypt', 'hackme', '$2a$04$abcdefghijklmnopqrstuuUjv4YOu5DOIEKcwgYAZUCQy8N9Kw9aK'],
  ['bcrypt', 'hackme', '$2b$04$abcdefghijklmnopqrstuuUjv4YOu5DOIEKcwgYAZUCQy8N9Kw9aK'],
  ['apr1', 'hackme', '$apr1$IK4mhHVs$AZ1.fupbB9r2V1QDMkPds1'],
  ['apr1', 'hackme', '$apr1$saltsalt$cF2RF7yioggWGAi9R7S.b1'],
  ['apr1', UNICODE, '$apr1$xy$qL6aXridY1wfk.ltFL6bv0'],
  ['sha-crypt', 'hackme', '$5$saltsalt$3gmXeQuhsHxdfwaHxKWS/UXWRz8irqlirAF3tz1TdpD'],
  ['sha-crypt', UNICODE, '$5$xy$3maL5XciqkRhS07BplGQ6EczX6W.ehapSIYpuO7SLJ/'],
  ['sha-crypt', '', '$5$abc$bBHLwRRW2Li0XKaX13kz/g2fkDil4Jx46aNvd.48MS8'],
  ['sha-crypt', 'x'.repeat(100), '$5$saltstringsaltst$vcMOv/znJvvO4P9xkognvyT2DqIKm5NYMURetsjRk.D'],
  ['sha-crypt', 'x'.repeat(17), '$5$rounds=1000$a$rXyCjdQBVbKe847dWSecGSAiivOnhOerUhFEbgNs1u6'],
  [
    'sha-crypt',
    'hackme',
    '$6$saltsalt$GDyEyTAsXZ3lmq4ATyDG7NhTaN6Fev8TO/O1wQMtnlwzfIOrz.mDeGjNd6yFO9xXAZWETspmkTLbMIEVEkaPq1',
  ],
  [
    'sha-crypt',
    UNICODE,
    '$6$J7kfzPvs8ftNFLth$lhCZ38EBQ/aklyzZ8ERUWpQD/GNgSS5hQBSOlyj3A7BSOzH/8R/9d80sTLivikxJ3Sx0EmNn5imwVF8OgkzBd0',
  ],
  [
    'sha-crypt',
    'hackme',
    '$6$rounds=1234$abc$cjIRy/0gPgkOZe5pCJpOzGIjPmZACmF8pJfmYZwpdlou5A2R3HHpFkT9.HiJGF.1U/vA5AbIfAEIr7YP8rANT.',
  ],
  ['sha-crypt', '', '$6$abc$mJP3a6FyA8uCnzRtlnNypPwjnvpi5TP9qOrInzrfDmwxUQG38PkpCPdqfTb8JQfAngapMxeim4AZ..hSdRRzD.'],
  [
    'sha-crypt',
    'x'.repeat(130),
    '$6$rounds=5000$$vE.Kub/q9xRbZxQAtOhK50t449wQCLFTj6xFOUl5LfPJ823DhxRY1C.TVWKkb4SGugnW216AeLegIWQdMFkYG/',
  ],
]

t.test('a password matches its hash, and no other password does', async (t) => {
  for (const [form, password, hash] of VECTORS) {
    t.equal(formOfHash(hash), form, hash)
    t.equal(matchesHash(password, hash), true, hash)
    t.equal(matchesHash(`${password}x`, hash), false, hash)
    t.equal(matchesHash(password === '' ? 'x' : password.slice(1), hash), false, hash)
  }
})

t.test('knows no other forms, and damaged hashes match nothing', async (t) => {
  const others = ['hackme', '{SHA}W6ph5Mm5Pz8GgiULbPgzG37mj9g=', '$1$abc$BXBqpb9BZcZhXLgbee.0s/', '$2x$04$abc', '']
  for (const hash of others) {
    t.equal(formOfHash(hash), undefined, hash)
    t.equal(matchesHash('hackme', hash), false, hash)
  }
  for (const [, password, hash] of VECTORS) {
    const other = hash.at(-3) === 'a' ? 'b' : 'a'
    t.equal(matchesHash(password, hash.slice(0, -3) + other + hash.slice(-2)), false, hash)
    t.equal(formOfHash(hash.slice(0, -1)), undefined, hash)
  }
})
