import { readFileSync } from 'node:fs'
import t from 'tap'
import { parse } from 'tap-yaml'
import { imageConfig } from '../../deb/image/image-config.ts'
import { blocksOf } from '../docs/blocks.ts'
import { PROJECT } from '../docs/pages.ts'
import { programPlan } from '../plans.ts'

const blocks = blocksOf('docs/packages.md')
const { version } = JSON.parse(readFileSync(`${PROJECT}package.json`, 'utf8')) as { version: string }
const { config } = imageConfig({ version, architecture: 'amd64', created: '', diffIds: [] }) as {
  config: { User: string; Healthcheck: { Test: string[] }; Entrypoint: string[] }
}

function blockFrom(word: string): string {
  const found = blocks.find(({ text }) => text.startsWith(word))
  if (found === undefined) throw new Error(`the page has no block that starts with ${word}`)
  return found.text
}

t.test('commands run the image of this version, with flags that it has', async (t) => {
  const commands = blocks.flatMap(({ text }) => text.split('\n')).filter((line) => line.startsWith('podman run'))
  t.ok(commands.length >= 4)
  for (const command of commands) {
    const [, named, flags = ''] = / streamserve:(\S+)(?: (-.*))?$/.exec(command) ?? []
    t.equal(named, version)
    if (flags !== '') t.doesNotThrow(() => programPlan(...flags.split(' ')), command)
  }
})

t.test('the image of an own Debian starts as ours', async (t) => {
  const lines = blockFrom('FROM').split('\n')
  t.ok(lines.includes(`COPY streamserve_${version}_amd64.deb /tmp/`))
  t.ok(lines.includes(`USER ${config.User}`))
  t.ok(lines.includes(`ENTRYPOINT ${JSON.stringify(config.Entrypoint)}`))
})

t.test('Kubernetes probes as Docker does', async (t) => {
  const { livenessProbe } = parse(blockFrom('livenessProbe')) as { livenessProbe: { exec: { command: string[] } } }
  const [, line = ''] = config.Healthcheck.Test
  const docker = line.replace(/"\$\{PROBE_URL:-(.*)\}"/, '$1').replace(' || exit 1', '')
  t.equal(livenessProbe.exec.command.join(' '), docker)
})

t.test('Compose names the image', async (t) => {
  const { services } = parse(blockFrom('services')) as { services: { radio: { image: string } } }
  t.equal(services.radio.image, `streamserve:${version}`)
})
