import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { connect } from 'node:net'
import type { Test } from 'tap'
import { plainEnvironment } from '../streamserve.ts'

/** Interval between attempts to connect to a proxy that has just been started, in milliseconds. */
const TRY_EVERY_MS = 50

/**
 * Starts a proxy, and waits until its port is open. It is ended with the test.
 * @param command stays in the foreground. @param env further variables
 */
export async function startProxyProgram(
  t: Test,
  port: number,
  [program = '', ...words]: readonly string[],
  env: NodeJS.ProcessEnv = {},
): Promise<void> {
  const proxy = spawn(program, words, { stdio: ['ignore', 'pipe', 'pipe'], env: { ...plainEnvironment(), ...env } })
  let output = ''
  for (const stream of [proxy.stdout, proxy.stderr]) stream.on('data', (text: Buffer) => (output += text))
  const exited = once(proxy, 'exit')
  t.teardown(async () => {
    proxy.kill('SIGKILL')
    await exited
  })
  const failed = exited.then(() => Promise.reject(new Error(`${program} does not start: ${output}`)))
  await Promise.race([isReached(port), failed])
}

async function isReached(port: number): Promise<void> {
  for (;;) {
    const socket = connect({ port, host: '127.0.0.1' })
    const isOpen = await once(socket, 'connect').then(
      () => true,
      () => false,
    )
    socket.destroy()
    if (isOpen) return
    await new Promise((resolve) => setTimeout(resolve, TRY_EVERY_MS))
  }
}
