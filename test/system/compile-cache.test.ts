import t from 'tap'
import { compileCacheFolder } from '../../src/system/compile-cache.ts'

t.test('compiled code is kept in the folder of the service, or in that of the user', async (t) => {
  const [CACHE_DIRECTORY, XDG_CACHE_HOME, HOME] = [
    '/var/cache/streamserve/main:/var/cache/more',
    '/home/a/c',
    '/home/a',
  ]
  t.equal(compileCacheFolder({ CACHE_DIRECTORY, XDG_CACHE_HOME, HOME }), '/var/cache/streamserve/main/compiled')
  t.equal(compileCacheFolder({ XDG_CACHE_HOME, HOME }), '/home/a/c/streamserve')
  t.equal(compileCacheFolder({ HOME }), '/home/a/.cache/streamserve')
  t.equal(compileCacheFolder({ CACHE_DIRECTORY: '', XDG_CACHE_HOME: 'relative', HOME }), '/home/a/.cache/streamserve')
})

t.test('compiled code is not kept for a user without a folder', async (t) => {
  for (const env of [{}, { HOME: '/' }, { HOME: '' }, { HOME: 'a' }]) t.equal(compileCacheFolder(env), undefined)
})
