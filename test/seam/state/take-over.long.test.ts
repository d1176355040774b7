import { randomBytes } from 'node:crypto'
import { Registry } from 'prom-client'
import { expect, onTestFinished, test } from 'vitest'
import type { RollcallEvent } from '../../../src/events/types.ts'
import { schemaVersion } from '../../../src/identity/store/schema.ts'
import { createMetrics } from '../../../src/metrics.ts'
import { openStateReader, type StateBatch } from '../../../src/seam/state/reader.ts'
import { ensureStateTopic, statePlace } from '../../../src/seam/state/topic.ts'
import { createStateWriter } from '../../../src/seam/state/writer.ts'
import { silent } from '../../site/site.ts'
import { eventually } from '../../support/eventually.ts'
import { hasKafka, startBroker } from '../../support/kafka/broker.ts'
import { sharedBroker } from '../../support/kafka/shared-broker.ts'
import { aboutPeople, facesOfStory, framesIn, seamOn, sending } from '../identity-role.ts'
import { committedIds, end, endsIn, roleOn, undisturbed } from './two-processes.ts'

type Role = ReturnType<typeof roleOn>

/** Whether it has the site, by what it said last. */
const isActive = (role: Role): boolean =>
  role.said().lastIndexOf('people of this site are known here') > role.said().lastIndexOf('role identity, standby')

const faults = ['kill', 'sleep', 'kill', 'both', 'sleep', 'kill'] as const

test.skipIf(!hasKafka)(
  'two identity processes, killed and put to sleep in turns, know whom an undisturbed one knows',
  async () => {
    const { plain } = await sharedBroker()
    const faces = facesOfStory()

    const expected = await undisturbed(plain, faces)

    const seam = seamOn(plain, { sealingKey: randomBytes(32).toString('base64') })
    const roles = [roleOn(seam), roleOn(seam)]
    for (const role of roles) role.start()
    const all = (): ReadonlyMap<string, string> => new Map(roles.flatMap((role) => [...role.events()]))
    const active = async (): Promise<Role> => {
      let found: Role | undefined
      await eventually(() => expect((found = roles.find(isActive))).toBeDefined())
      return found as Role
    }
    const vision = await sending(seam, 'vision-a', 2)
    const share = Math.ceil(faces.length / (faults.length + 1))
    const send = async (part: number): Promise<void> => {
      const before = framesIn(all())
      await vision.send(faces.slice(part * share, (part + 1) * share))
      await eventually(() => expect(framesIn(all())).toBeGreaterThan(before))
    }
    for (const [part, fault] of faults.entries()) {
      await send(part)
      const first = await active()
      if (fault === 'both') {
        for (const role of roles) await role.kill()
        for (const role of roles) role.start()
      } else if (fault === 'kill') {
        await first.kill()
        first.start()
      } else {
        first.signal('SIGSTOP')
        await eventually(() => expect(roles.filter(isActive)).toHaveLength(2))
        first.signal('SIGCONT')
        expect(await first.over()).toBe(1)
        first.start()
      }
    }
    await send(faults.length)
    await end(vision)
    await eventually(() => expect(endsIn(all())).toBe(2))

    expect(aboutPeople(all())).toEqual(expected)
    const ids = expected.map((line) => (JSON.parse(line) as RollcallEvent).id).sort()
    const told = await committedIds(
      plain,
      ['people', 'sightings'].map((topic) => `${seam.topicPrefix}${topic}.v1`),
    )
    await eventually(() => expect(told.toSorted(), 'each once').toEqual(ids))
  },
  400_000,
)

test.skipIf(!hasKafka)(
  'a writer whose broker is killed in the middle of it writes each commit once',
  async () => {
    const broker = await startBroker()
    onTestFinished(() => broker.close())
    const place = statePlace('writer', seamOn(broker.plain), schemaVersion, silent)
    await ensureStateTopic(place)
    const deps = { writer: 'w', isOwner: () => true, metrics: createMetrics(new Registry()), log: silent }
    const writer = createStateWriter(place, deps)
    onTestFinished(() => writer.close(0))
    await writer.claim()
    let number = 0
    const push = (): void => {
      const row = { table: 'people', key: [number], values: [number, 'p'.repeat(1000)] }
      writer.push({ head: { state: 's', writer: 'w', number: ++number }, rows: [row], lastIds: {}, messages: [] })
    }
    for (let kill = 0; kill < 3; kill++) {
      for (let i = 0; i < 20; i++) {
        push()
        await writer.settled()
      }
      push()
      await broker.kill()
      push()
      const isDone = writer.settled()
      await broker.start()
      await isDone
    }
    const heads: number[] = []
    const rows = new Set<unknown>()
    const read = ({ records }: StateBatch): void => {
      for (const record of records)
        if (record.what === 'head') heads.push(record.head.number)
        else if (record.what === 'row') rows.add(record.row.key[0])
    }
    const reader = await openStateReader(place, 0, read, silent)
    onTestFinished(() => reader.close())
    await eventually(() => expect(heads.at(-1)).toBe(number))
    expect(heads, 'in their order, and none twice').toEqual([...new Set(heads)].sort((a, b) => a - b))
    expect(rows.size, 'no commit is missing').toBe(number)
  },
  300_000,
)
