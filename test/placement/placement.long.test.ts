import { randomUUID } from 'node:crypto'
import { setTimeout as wait } from 'node:timers/promises'
import { expect, it } from 'vitest'
import { kafkaClient } from '../../src/kafka/client.ts'
import { seededRandom } from '../../src/math/seeded-random.ts'
import { openWantedCameras } from '../../src/placement/keep-wanted.ts'
import { type KafkaTarget, kafkaOptions } from '../../src/sinks/kafka/options.ts'
import { eventually } from '../support/eventually.ts'
import { hasKafka } from '../support/kafka/broker.ts'
import { sharedBroker } from '../support/kafka/shared-broker.ts'
import { startWorkers } from './workers.ts'

const quiet = (): void => undefined
const log = { debug: quiet, info: quiet, warn: quiet, error: quiet }
const twelve = Array.from({ length: 12 }, (_, i) => `cam-${i}`)
/** Longer than two session timeouts: the others have its cameras, and it has to notice when it wakes. */
const ASLEEP_MS = 15_000

it.skipIf(!hasKafka)('whatever happens to workers, each camera is opened by one, and comes back', async () => {
  const { plain } = await sharedBroker()
  const site = randomUUID()
  const kafka = kafkaClient(kafkaOptions.parse({ brokers: [plain] }) as KafkaTarget, log)
  await using opening = new AsyncDisposableStack()
  const parts = { kafka, topicPrefix: 'rollcall.', site, slots: 16, createTopics: true, replicationFactor: null, log }
  const wanted = opening.adopt(await openWantedCameras(parts), (opened) => opened.close())
  const workers = opening.use(startWorkers(plain, site))
  await wanted.keep(new Map(twelve.map((camera) => [camera, { keys: { url: 'rtsp://192.0.2.1/' } }])))
  const settled = (count: number) =>
    eventually(() => expect(Object.values(workers.counts())).toEqual(Array.from({ length: count }, () => 12 / count)))
  let names = ['w0', 'w1', 'w2']
  for (const name of names) await workers.start(name)
  await settled(3)
  const random = seededRandom(7)
  for (let round = 0; round < 9; round++) {
    const name = names[Math.floor(random() * names.length)] ?? ''
    if (round % 3 === 0) workers.signal(name, 'SIGKILL')
    else if (round % 3 === 1) await workers.end(name)
    else workers.signal(name, 'SIGSTOP')
    if (round % 3 === 2) {
      await wait(ASLEEP_MS)
      expect(Object.values(workers.counts())).toEqual([6, 6])
      workers.signal(name, 'SIGCONT')
    } else {
      await settled(2)
      names = [...names.filter((each) => each !== name), `w${3 + round}`]
      await workers.start(`w${3 + round}`)
    }
    await settled(3)
    expect(workers.overlaps()).toEqual([])
  }
})
