import { randomBytes } from 'node:crypto'
import { describe, expect, test } from 'vitest'
import type { RollcallEvent } from '../../../src/events/types.ts'
import { eventually } from '../../support/eventually.ts'
import { hasKafka } from '../../support/kafka/broker.ts'
import { sharedBroker } from '../../support/kafka/shared-broker.ts'
import { aboutPeople, facesOfStory, framesIn, seamOn, sending } from '../identity-role.ts'
import { committedIds, end, endsIn, roleOn, undisturbed } from './two-processes.ts'

describe.skipIf(!hasKafka)('the people of a site in Kafka', () => {
  test('another process takes over from one that is asleep, as if nothing had happened; that one writes nothing more', async () => {
    const { plain } = await sharedBroker()
    const faces = facesOfStory()
    const half = faces.length >> 1

    const expected = await undisturbed(plain, faces)

    const seam = seamOn(plain, { sealingKey: randomBytes(32).toString('base64') })
    const first = roleOn(seam)
    first.start()
    const vision = await sending(seam, 'vision-a', 2)
    await vision.send(faces.slice(0, half))
    await eventually(() => expect(framesIn(first.events())).toBeGreaterThan(half / 2))
    const second = roleOn(seam)
    second.start()
    await eventually(() => expect(second.said()).toContain('standby'))
    first.signal('SIGSTOP')
    await vision.send(faces.slice(half))
    await end(vision)
    await eventually(() => expect(endsIn(second.events())).toBe(2), 60_000)
    first.signal('SIGCONT')
    expect(await first.over()).toBe(1)
    expect(first.said()).toContain('has taken this site over')

    const all = new Map([...first.events(), ...second.events()])
    expect(aboutPeople(all)).toEqual(expected)
    const ids = expected.map((line) => (JSON.parse(line) as RollcallEvent).id).sort()
    const told = await committedIds(
      plain,
      ['people', 'sightings'].map((topic) => `${seam.topicPrefix}${topic}.v1`),
    )
    await eventually(() => expect(told.toSorted(), 'each once, in the transaction of what it says').toEqual(ids))
  })
})
