/** From options to the plans of clients, listeners and hooks. */
import type { StreamHooks } from '../plan/hooks.ts'
import type { ClientsPlan } from '../plan/program-plan.ts'
import type { AccessPlan } from '../plan/stream-plan.ts'
import type { Config } from './config.ts'

export function accessPlan(config: Config): AccessPlan {
  const { listenUsers, listenUrl, listenKey, maxListeners, whenFull } = config
  return {
    usersFile: listenUsers,
    url: listenUrl,
    key: listenKey,
    maxListeners,
    whenFull,
    maxPerAddress: config.maxListenersPerAddress,
    maxPerUser: config.maxConnectionsPerUser,
  }
}

export function clientsPlan(config: Config): ClientsPlan {
  const { trustedProxies, ban, maxConnections, maxConnectionsPerAddress, accessLog } = config
  return { trustedProxies, banFile: ban, maxConnections, maxConnectionsPerAddress, accessLog }
}

export function hooksOf(config: Config): StreamHooks {
  return {
    'source-up': config.onSourceUp,
    'source-down': config.onSourceDown,
    publish: config.onPublish,
    listen: config.onListen,
    leave: config.onLeave,
    'first-listener': config.onFirstListener,
    'last-listener': config.onLastListener,
    title: config.onTitle,
    silence: config.onSilence,
    sound: config.onSound,
    recorded: config.onRecorded,
  }
}
