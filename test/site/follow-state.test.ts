import { Registry } from 'prom-client'
import { describe, expect, onTestFinished, test } from 'vitest'
import { configSchema } from '../../src/config/config.ts'
import { createIdentity } from '../../src/identity/identity.ts'
import { identityOptions } from '../../src/identity/options.ts'
import { openFollowedState } from '../../src/identity/store/followed-state.ts'
import { openStore } from '../../src/identity/store/open.ts'
import { schemaVersion } from '../../src/identity/store/schema.ts'
import type { TopicPosition } from '../../src/identity/store/topic-position.ts'
import { createMetrics } from '../../src/metrics.ts'
import { ruleOptions } from '../../src/rules/options.ts'
import { createRuleBook, givenRows } from '../../src/rules/rule-book.ts'
import { ensureStateTopic, type StatePlace, statePlace } from '../../src/seam/state/topic.ts'
import { createStateWriter } from '../../src/seam/state/writer.ts'
import { createCommittedIdentity } from '../../src/site/committed-identity.ts'
import { followState } from '../../src/site/follow-state.ts'
import { logTo } from '../../src/site/state-log.ts'
import { embedder, temporaryDirectory } from '../identity/store/states.ts'
import { direction, faceOf, facesAt, near, randomFrom } from '../identity/support/faces.ts'
import { seamOn } from '../seam/identity-role.ts'
import { hasKafka } from '../support/kafka/broker.ts'
import { sharedBroker } from '../support/kafka/shared-broker.ts'
import { silent } from './site.ts'

const site = 'followed'
const config = configSchema.parse({ site })

const topic = async (): Promise<StatePlace> => {
  const place = statePlace(site, seamOn((await sharedBroker()).plain), schemaVersion, silent)
  await ensureStateTopic(place)
  return place
}

/** A process that has the site, in this directory: it took over, and enrolls people. `killed` lets the commits after it not get to Kafka. */
const owning = async (place: StatePlace, directory: string, name: string) => {
  // Whoever is gone is no owner: what it had under way, as its last commit, must not fence the next one.
  let isOpen = true
  const deps = { writer: name, isOwner: () => isOpen, metrics: createMetrics(new Registry()), log: silent }
  const writer = createStateWriter(place, deps)
  onTestFinished(() => writer.close(0))
  const taken = await following(place, directory, name, () => writer.claim())
  let isKilled = false
  const cut = { ...writer, push: (...all: Parameters<typeof writer.push>) => void (isKilled || writer.push(...all)) }
  const store = openStore(directory, { embedder, log: logTo(cut, taken.position, name, config, silent) })
  const saved = store.saved()
  const engine = createIdentity(identityOptions.parse({}), { archive: store, saved })
  const given = createRuleBook({}, givenRows(saved.live ?? []), engine)
  const people = createCommittedIdentity(engine, store, { given })
  const random = randomFrom(name.length)
  return {
    ...taken,
    enroll: async (called: string): Promise<void> => {
      people.transact((each) => each.enroll(called, [{ embedding: direction(random), quality: 0.9 }], 1))
      await writer.settled()
    },
    giveRule: async (rule: string): Promise<void> => {
      given.give(rule, ruleOptions.parse({ who: 'anybody' }))
      people.transact(() => [])
      await writer.settled()
    },
    rules: () => Object.keys(given.all()),
    object: async (look: Float32Array): Promise<void> => {
      const faces = [{ embedding: look, quality: 0.9 }]
      people.transact((each) => each.object({ id: 'o-1', person: null, faces, note: null, code: 'hash' }, 1))
      await writer.settled()
    },
    revoke: async (): Promise<void> => {
      people.transact((each) => {
        each.revoke('o-1')
        return []
      })
      await writer.settled()
    },
    /** A face like this before a camera. */
    see: (look: Float32Array, seq: number) =>
      people.update(facesAt(1_800_000_000_000 + seq * 100, seq, [faceOf('door/s1/1', look)])),
    names: (): readonly (string | null)[] => store.saved().people.map((each) => each.name),
    killed: (): void => {
      isKilled = true
    },
    close: (): void => {
      store.close()
      isOpen = false
    },
  }
}

/** Brings the file up to what the topic has when `claim` is done. */
const following = async (place: StatePlace, directory: string, writer: string, claim: () => Promise<void>) => {
  const said: string[] = []
  const log = { ...silent, warn: (_: object, message: string) => void said.push(message) }
  const followed = openFollowedState(directory)
  try {
    const follower = await followState({ place, followed, writer, nowMs: Date.now, log })
    onTestFinished(() => follower.close())
    await claim()
    const position: TopicPosition | null = await follower.complete
    await follower.close()
    return { position, isAnew: said.some((message) => message.includes('made anew')) }
  } finally {
    followed.close()
  }
}

describe.skipIf(!hasKafka)('a state directory that follows', () => {
  test('brings people of its own to a topic that has nobody; an empty one is filled, and goes on', async () => {
    const place = await topic()
    const [first, second] = [temporaryDirectory(), temporaryDirectory()]
    openStore(first, { embedder }).close()
    const one = await owning(place, first, 'one')
    expect([one.position, one.isAnew]).toEqual([null, false])
    await one.enroll('Ada')
    one.close()
    const two = await owning(place, second, 'second')
    expect(two.names()).toEqual(['Ada'])
    await two.enroll('Bo')
    two.close()
    const again = await owning(place, first, 'again')
    expect([again.names(), again.isAnew], 'what it lacked was applied').toEqual([['Ada', 'Bo'], false])
    again.close()
  })

  test('drops an objector as the process before did, and no longer once it is taken back; has its rules', async () => {
    const place = await topic()
    const look = direction(randomFrom(99))
    const shown = near(look, 0.3, randomFrom(1))
    const one = await owning(place, temporaryDirectory(), 'one')
    await one.enroll('Ada')
    await one.object(look)
    await one.giveRule('anyone')
    one.close()
    const two = await owning(place, temporaryDirectory(), 'second')
    expect(two.see(shown, 1)).toMatchObject([{ type: 'rollcall.frame.v1', data: { faces: [], blur: [{}] } }])
    expect(two.rules()).toEqual(['anyone'])
    await two.revoke()
    two.close()
    const three = await owning(place, temporaryDirectory(), 'the third')
    const events = three.see(shown, 2)
    expect(events.at(-1)).toMatchObject({ type: 'rollcall.frame.v1', data: { faces: [{ track: 'door/s1/1' }] } })
    three.close()
  })

  test('keeps a last commit that got to Kafka, and is made anew without one that did not', async () => {
    const place = await topic()
    const directory = temporaryDirectory()
    const one = await owning(place, directory, 'one')
    await one.enroll('Ada')
    one.close()
    const whole = await owning(place, directory, 'whole')
    expect([whole.names(), whole.isAnew]).toEqual([['Ada'], false])
    await whole.enroll('Bo')
    whole.killed()
    await whole.enroll('Cy')
    whole.close()
    const next = await owning(place, directory, 'next')
    expect([next.names(), next.isAnew]).toEqual([['Ada', 'Bo'], true])
    next.close()
  })

  test('is not filled over people who are in no topic; and none who are in one are changed without it', async () => {
    const place = await topic()
    const [inTopic, alone] = [temporaryDirectory(), temporaryDirectory()]
    const one = await owning(place, inTopic, 'one')
    await one.enroll('Ada')
    one.close()
    openStore(alone, { embedder }).close()
    await expect(owning(place, alone, 'two')).rejects.toThrow('the people of the site are in Kafka')
    const store = openStore(inTopic, { embedder })
    const people = createCommittedIdentity(
      createIdentity(identityOptions.parse({}), { archive: store, saved: store.saved() }),
      store,
    )
    expect(() => people.transact(() => [])).toThrow('are kept in a topic of Kafka')
    store.close()
  })

  test('a process that was fenced writes nothing more, and says so', async () => {
    const place = await topic()
    const one = await owning(place, temporaryDirectory(), 'one')
    await one.enroll('Ada')
    const two = await owning(place, temporaryDirectory(), 'second')
    await expect(one.enroll('Zoe')).rejects.toThrow('another identity process has taken this site over')
    await two.enroll('Bo')
    expect(two.names()).toEqual(['Ada', 'Bo'])
    two.close()
    const three = await owning(place, temporaryDirectory(), 'the third')
    expect(three.names()).toEqual(['Ada', 'Bo'])
    three.close()
    one.close()
  })
})
