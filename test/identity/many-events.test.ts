import { expect, it } from 'vitest'
import type { RollcallEvent } from '../../src/events/types.ts'
import { createIdentity } from '../../src/identity/identity.ts'
import { identityOptions } from '../../src/identity/options.ts'
import { silent } from '../../src/silent-log.ts'
import { createOutbox } from '../../src/sinks/outbox.ts'

const dayMs = 86_400_000
const startMs = 1_772_443_800_000
const people = 150_000

it('returns more events at once than fit on the stack', async () => {
  const engine = createIdentity(identityOptions.parse({ deleteAfterDays: 40 }))
  const nobody = {
    name: null,
    archived: false,
    lastCamera: '',
    tracks: 0,
    faces: 0,
    exemplars: [],
    aliases: [],
    apart: [],
  }
  const times = { createdAtMs: startMs, lastSeenAtMs: startMs }
  const imported = Array.from({ length: people }, (_, i) => ({ id: `p-${i}`, ...nobody, ...times }))
  engine.importPeople(imported, startMs)
  expect(engine.peopleCount()).toBe(people)
  engine.takeChange()
  engine.tick(startMs)
  const events = engine.tick(startMs + 50 * dayMs)
  expect(events.length).toBe(people)
  expect(engine.peopleCount()).toBe(0)
  const { gone, retired, events: logged } = engine.takeChange()
  expect([gone.length, retired.length, logged.length]).toEqual([people, people, people])

  let got = 0
  const publish = async (batch: readonly RollcallEvent[]): Promise<void> => void (got += batch.length)
  const sink = { name: 'counting', publish, close: async () => {} }
  const options = { capacity: people, mayDrop: new Set<never>(), kept: null, giveUpAfterMs: null, log: silent }
  const outbox = createOutbox(sink, { ...options, onDrop: () => {}, onFailure: () => {}, onGone: () => {} })
  await outbox.push(events)
  await outbox.close()
  expect(got).toBe(people)
}, 180_000)
