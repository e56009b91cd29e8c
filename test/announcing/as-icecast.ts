/** Compares what this program sends to a directory with what Icecast sends, which waits for a minute: npm run test:directory */
import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import t from 'tap'
import { listen } from '../client.ts'
import { needs, runProgram } from '../programs.ts'
import { publish, setTitle, startIcecast } from '../source/relay/icecast.ts'
import { startServer } from '../streamserve.ts'
import { startDirectory } from './directory.ts'

t.setTimeout(180_000)

t.test(
  'sends a directory what Icecast sends it',
  { skip: needs('icecast2', 'setpriv', 'ffmpeg', 'lame') },
  async (t) => {
    const directory = await startDirectory(t)
    const folder = t.testdir()
    const file = join(folder, 'a.mp3')
    runProgram('sh', ['-c', `head -c 352800 /dev/zero | lame --quiet -r -s 44.1 -m m -b 64 - ${file}`])
    const icecast = await startIcecast(
      t,
      `<directory><yp-url-timeout>15</yp-url-timeout><yp-url>${directory.url}</yp-url></directory>
     <mount><mount-name>/live.mp3</mount-name><public>1</public><max-listeners>7</max-listeners>
       <stream-name>Nachbar &amp; Co</stream-name><stream-description>Tag, Nacht</stream-description>
       <stream-url>https://radio.example/</stream-url><genre>Jazz</genre><bitrate>64</bitrate></mount>`,
    )
    publish(t, icecast, '/live.mp3', file)
    const own = await startDirectory(t)
    const config = `
directory ${own.url}
public-url http://127.0.0.1:${icecast.port}/
[/live.mp3]
exec sh -c 'while cat ${file}; do sleep 4; done'
max-listeners 7
public
name Nachbar & Co
description Tag, Nacht
url https://radio.example/
genre Jazz
`
    writeFileSync(join(folder, 'x.conf'), config)
    const server = await startServer(t, ['-config', join(folder, 'x.conf')])
    await listen(t, server.port, '/live.mp3').bodyHas(1_000)
    const ours = await own.request('add')
    const theirs = await directory.request('add')
    t.equal(await setTitle(icecast, '/live.mp3', 'Élan + more'), 200)
    t.strictSame(ours.form, theirs.form)
    const [touch, like] = [await own.request('touch'), await directory.request('touch')]
    t.match(touch.form, { ...like.form, st: String, listeners: String })
    t.strictSame(Object.keys(touch.form), Object.keys(like.form))
    for (const { headers } of [ours, theirs]) t.equal(headers['content-type'], 'application/x-www-form-urlencoded')
  },
)
