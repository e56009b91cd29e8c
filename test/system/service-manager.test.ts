import { closeSync, mkdtempSync, openSync, readFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import t, { type Test } from 'tap'
import { findServiceManager } from '../../src/system/service-manager.ts'

/** A file that replaces the service manager's socket. */
function descriptorOf(t: Test): { fd: number; told: () => string } {
  const path = join(mkdtempSync(join(tmpdir(), 'streamserve-')), 'told')
  const fd = openSync(path, 'w')
  t.teardown(() => closeSync(fd))
  return { fd, told: () => readFileSync(path, 'utf8') }
}

t.test('writes notifications to the inherited descriptor', async (t) => {
  const { fd, told } = descriptorOf(t)
  findServiceManager({ STREAMSERVE_NOTIFY_FD: String(fd) }, 7).tell('READY=1', 'STATUS=fine')
  t.equal(told(), 'READY=1\nSTATUS=fine')
})

t.test('does nothing without a service manager', async (t) => {
  const manager = findServiceManager({}, 7)
  t.doesNotThrow(() => manager.tell('READY=1'))
  t.equal(manager.watchdogMs, undefined)
  t.equal(manager.socket, undefined)
})

t.test('ignores a descriptor whose other end is closed', async (t) => {
  t.doesNotThrow(() => findServiceManager({ STREAMSERVE_NOTIFY_FD: '9999' }, 7).tell('READY=1'))
})

t.test('ignores variables for another process', async (t) => {
  const { fd } = descriptorOf(t)
  const env = { STREAMSERVE_NOTIFY_FD: String(fd), WATCHDOG_USEC: '2000000', LISTEN_FDS: '1' }
  const other = findServiceManager({ ...env, WATCHDOG_PID: '8', LISTEN_PID: '8' }, 7)
  t.strictSame([other.watchdogMs, other.socket], [undefined, undefined])
  const own = findServiceManager({ ...env, WATCHDOG_PID: '7', LISTEN_PID: '7' }, 7)
  t.strictSame([own.watchdogMs, own.socket], [2000, 3])
})

t.test('removes its variables from the environment of children', async (t) => {
  const env = { PATH: '/bin', NOTIFY_SOCKET: '/x', WATCHDOG_USEC: '1', LISTEN_PID: '7', LISTEN_FDS: 'nonsense' }
  t.equal(findServiceManager(env, 7).socket, undefined)
  t.strictSame(env, { PATH: '/bin' })
})
