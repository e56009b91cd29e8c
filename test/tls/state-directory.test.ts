import { homedir } from 'node:os'
import t from 'tap'
import { stateDirectory } from '../../src/tls/state-directory.ts'

t.test('uses the first directory that systemd gives', async (t) => {
  t.equal(
    stateDirectory({ STATE_DIRECTORY: '/var/lib/streamserve/main', XDG_STATE_HOME: '/x' }),
    '/var/lib/streamserve/main',
  )
  t.equal(stateDirectory({ STATE_DIRECTORY: '/var/lib/a:/var/lib/b' }), '/var/lib/a')
})

t.test('uses the XDG base directory without systemd, and then its default', async (t) => {
  t.equal(stateDirectory({ XDG_STATE_HOME: '/home/me/state' }), '/home/me/state/streamserve')
  t.equal(
    stateDirectory({ XDG_STATE_HOME: 'state' }),
    `${homedir()}/.local/state/streamserve`,
    'a relative one is ignored',
  )
  t.equal(stateDirectory({}), `${homedir()}/.local/state/streamserve`)
  t.equal(stateDirectory({ STATE_DIRECTORY: '', XDG_STATE_HOME: '' }), `${homedir()}/.local/state/streamserve`)
})

function home(): string {
  throw new Error('uv_os_homedir returned ENOENT')
}

t.test('returns no directory for a user without a home directory', async (t) => {
  t.equal(stateDirectory({}, home), undefined)
  t.equal(stateDirectory({ XDG_STATE_HOME: '/x' }, home), '/x/streamserve')
})
