import t from 'tap'
import { flagNames, optionsByFlag } from '../../src/config/flags.ts'

// The project promises this table of flags: renaming a flag requires a deliberate change here, too.
const promised = `frame-ancestors
  address path exec frame-filter filter frame-bytes header-bytes source-buffer source-bandwidth
  client-max-bytes close-idle reopen max-quiet-interval content-type cpu-max stat-log-interval uid debug demo pcm warm
  burst max-delay client-timeout header-timeout log-format help h version v
  name description genre url title-file tag-charset splice pace fill play shuffle loop config check
  status talk live-token tls tls-cert tls-key buffer-memory hidden
  from relay relay-insecure publish fallback fallback-after publish-user publish-password publish-users publish-anybody
  publish-timeout linger
  listen-users listen-url listen-key publish-url max-listeners when-full max-listeners-per-address max-connections-per-user
  max-connections max-connections-per-address trusted-proxies ban access-log admin-password admin-users sign for metrics
  on-source-up on-source-down on-publish on-listen on-leave on-first-listener on-last-listener on-title on-silence on-sound
  on-start on-stop silence-after silence-level
  record record-keep rewind rewind-bytes hls hls-segment hls-group on-recorded
  hub hub-credentials hub-ca hub-origin hub-publish hub-name
  picture mdns public directory public-url probe`.split(/\s+/)

t.test('every documented flag exists, and no flag has two meanings', async (t) => {
  t.strictSame([...flagNames].toSorted(), promised.toSorted())
})

t.test('every default can be typed', async (t) => {
  for (const [flag, option] of optionsByFlag) {
    if (option.default !== undefined) t.doesNotThrow(() => option.kind.parse(option.default ?? ''), flag)
  }
})

t.test('help has the effect of every option without a default', async (t) => {
  for (const [flag, option] of optionsByFlag) t.ok(option.default ?? option.shown, flag)
})

t.test('no option takes an empty value', async (t) => {
  for (const [flag, option] of optionsByFlag) t.throws(() => option.kind.parse(''), flag)
})

t.test('every listed choice can be chosen', async (t) => {
  for (const { kind } of optionsByFlag.values()) for (const word of kind.choices ?? []) kind.parse(word)
  t.pass()
})
