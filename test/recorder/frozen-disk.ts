/**
 * A disk that does not answer: a file system on a loop device, frozen. `npm run test:frozen-disk`, as root, where both are permitted;
 * many containers permit neither.
 */
import { execFileSync } from 'node:child_process'
import { existsSync, mkdirSync, writeFileSync } from 'node:fs'
import t from 'tap'
import { listen } from '../client.ts'
import { areConsecutive, numbersIn } from '../feeders.ts'
import { needs } from '../programs.ts'
import { folderOf, numbersOf, recordingOf, startRecorded, stop } from './recorded-numbers.ts'

function cannotFreeze(): false | string {
  if (process.getuid?.() !== 0) return 'needs root'
  if (!existsSync('/dev/loop-control')) return 'needs loop devices'
  return needs('mount', 'umount', 'mkfs.ext4', 'fsfreeze')
}

t.test(
  'a disk that hangs harms no listener, and the recording goes on when it answers',
  { skip: cannotFreeze() },
  async (t) => {
    const folder = folderOf(t)
    const disk = `${folder}/disk`
    mkdirSync(disk)
    writeFileSync(`${folder}/image`, Buffer.alloc(16 * 1024 * 1024))
    execFileSync('mkfs.ext4', ['-q', `${folder}/image`])
    execFileSync('mount', ['-o', 'loop', `${folder}/image`, disk])
    t.teardown(() => execFileSync('umount', [disk]))
    const server = await startRecorded(t, `${disk}/%S.wav`, '-burst', '0')
    await server.logged(/file recorded/)
    const listeners = Array.from({ length: 20 }, () => listen(t, server.port, '/?raw'))
    execFileSync('fsfreeze', ['-f', disk])
    let isFrozen = true
    const thaw = () => {
      if (isFrozen) execFileSync('fsfreeze', ['-u', disk])
      isFrozen = false
    }
    t.teardown(thaw)
    t.match(await server.logged(/recording failed/), /reason="the disk does not answer"/)
    t.match(await recordingOf(server), { state: 'failing', why: 'the disk does not answer' })
    // What needs files is not held up either.
    t.equal((await fetch(`${server.url}/status`)).status, 200)
    thaw()
    await server.logged(/recording resumed/)
    for (const listener of listeners) {
      const body = listener.body()
      t.ok(areConsecutive(numbersIn(body.subarray(0, body.length - (body.length % 4)))), 'a listener has lost nothing')
    }
    await stop(server)
    numbersOf(disk)
  },
)
