import { randomBytes } from 'node:crypto'
import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { Registry } from 'prom-client'
import { expect, onTestFinished, test } from 'vitest'
import { createIdentity } from '../../../src/identity/identity.ts'
import { identityOptions } from '../../../src/identity/options.ts'
import { openStore } from '../../../src/identity/store/open.ts'
import { schemaVersion } from '../../../src/identity/store/schema.ts'
import { bytesOf } from '../../../src/identity/store/vectors.ts'
import { createMetrics } from '../../../src/metrics.ts'
import { ensureStateTopic, statePlace } from '../../../src/seam/state/topic.ts'
import { createStateWriter } from '../../../src/seam/state/writer.ts'
import { createCommittedIdentity } from '../../../src/site/committed-identity.ts'
import { embedder, temporaryDirectory } from '../../identity/store/states.ts'
import { direction, randomFrom } from '../../identity/support/faces.ts'
import { silent } from '../../site/site.ts'
import { eventually } from '../../support/eventually.ts'
import { hasKafka } from '../../support/kafka/broker.ts'
import { sharedBroker } from '../../support/kafka/shared-broker.ts'
import { seamOn } from '../identity-role.ts'

const name = `Zoe ${randomBytes(8).toString('hex')}`

test.skipIf(!hasKafka)(
  'of who is deleted no byte is left in the segments of the broker, once it has cleaned them',
  async () => {
    const { plain, data } = await sharedBroker()
    const place = statePlace('deletion', seamOn(plain), schemaVersion, silent)
    await ensureStateTopic(place)
    // What takes hours with the settings of the topic.
    await alter(place, { 'segment.ms': '100', 'max.compaction.lag.ms': '1', 'file.delete.delay.ms': '1' })
    const writer = createStateWriter(place, {
      writer: 'w',
      isOwner: () => true,
      metrics: createMetrics(new Registry()),
      log: silent,
    })
    onTestFinished(() => writer.close(0))
    await writer.claim()
    const store = openStore(temporaryDirectory(), {
      embedder,
      log: {
        first: { state: 's', writer: 'w', number: 1 },
        position: () => null,
        push: (commit) => writer.push({ ...commit, messages: [] }),
      },
    })
    onTestFinished(() => store.close())
    const people = createCommittedIdentity(createIdentity(identityOptions.parse({}), { archive: store }), store)
    const random = randomFrom(7)
    const enroll = (called: string): void =>
      void people.transact((each) => each.enroll(called, [{ embedding: direction(random), quality: 0.9 }], 1))
    enroll(name)
    enroll('Ada')
    await writer.settled()

    const [zoe, ada] = store.saved().people
    const look = Buffer.from(bytesOf(zoe?.exemplars[0]?.sum ?? new Float32Array()))
    const segments = (): Buffer => {
      const folder = join(data, `${place.topic}-0`)
      return Buffer.concat(
        readdirSync(folder).map((file) => (file.includes('.log') ? readFileSync(join(folder, file)) : Buffer.alloc(0))),
      )
    }
    expect(look.length).toBe(512)
    expect([segments().includes(look), segments().includes(name)], 'they are searched for where they are').toEqual([
      true,
      true,
    ])

    people.transact((each) => each.remove(zoe?.id ?? '', 2))
    let n = 0
    await eventually(async () => {
      // A segment ends when something comes after its time.
      people.transact((each) => each.name(ada?.id ?? '', `Ada ${n++}`, 3))
      await writer.settled()
      const left = segments()
      expect([left.includes(look), left.includes(name)]).toEqual([false, false])
      expect(left.includes('Ada'), 'who is not deleted is there').toBe(true)
    })
  },
)

const alter = async (
  { kafka, topic }: ReturnType<typeof statePlace>,
  settings: Record<string, string>,
): Promise<void> => {
  const admin = kafka.admin()
  await admin.connect()
  onTestFinished(() => admin.disconnect())
  const configEntries = Object.entries(settings).map(([each, value]) => ({ name: each, value }))
  await admin.alterConfigs({
    validateOnly: false,
    resources: [
      { type: 2, name: topic, configEntries: [...configEntries, { name: 'cleanup.policy', value: 'compact' }] },
    ],
  })
}
