import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import t, { type Test } from 'tap'
import { createAssets } from '../../../src/endpoints/assets.ts'
import { createPictures } from '../../../src/endpoints/player/pictures.ts'
import { createPlayer, type PlayerOptions } from '../../../src/endpoints/player/player.ts'
import { createQrCodes } from '../../../src/endpoints/qr-codes.ts'
import { systemClock } from '../../../src/system/clock.ts'
import { openStreamAccess } from '../../access/gates.ts'
import { keepLog } from '../../kept-log.ts'
import { streamPlan } from '../../plans.ts'
import { pageRequest } from '../page-request.ts'

function noDelivery(): never {
  throw new Error('there are no listeners')
}

/** Returns the HTML of a player. */
async function playerWith(t: Test, more: Pick<PlayerOptions, 'hasIndex'>): Promise<string> {
  const log = keepLog().logger
  const { access } = openStreamAccess(noDelivery, systemClock, log)
  const options = {
    defaults: () => streamPlan('-demo'),
    access,
    pictures: createPictures(() => Promise.resolve(undefined), systemClock, log),
    codes: createQrCodes(systemClock),
    linksFor: () => [],
    isAlone: true,
    showsListeners: false,
    ...more,
  }
  const streams = { find: () => Promise.resolve(undefined) }
  const player = createPlayer(streams, createAssets(), options, systemClock, log)
  const server = createServer((message, response) => {
    void player.own.answer({ ...pageRequest(message, '/player/cd'), root: '../' }, response)
  })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  t.teardown(() => server.close())
  return (await fetch(`http://127.0.0.1:${(server.address() as AddressInfo).port}/`)).text()
}

t.test('links to the index of the streams when there is one', async (t) => {
  t.match(await playerWith(t, { hasIndex: () => true }), '<a href="../">All streams</a>')
  t.notMatch(await playerWith(t, { hasIndex: () => false }), 'All streams')
  t.notMatch(await playerWith(t, {}), 'All streams')
})
