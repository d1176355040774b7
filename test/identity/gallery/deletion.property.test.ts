import { deserialize, serialize } from 'node:v8'
import fc from 'fast-check'
import { expect, it } from 'vitest'
import type { RollcallEvent } from '../../../src/events/types.ts'
import { createIdentity, type Identity } from '../../../src/identity/identity.ts'
import { identityOptions } from '../../../src/identity/options.ts'
import type { SavedState } from '../../../src/identity/state/state.ts'
import { archiveInMemory } from '../../../src/identity/store/archive.ts'
import type { PersonId } from '../../../src/types.ts'
import { casesOf } from '../../support/cases.ts'
import { applied, fresh } from '../store/states.ts'
import { type Message, traffic } from '../support/traffic.ts'
import { mostAlike, textsIn, vectorsIn } from '../support/vectors.ts'

const options = identityOptions.parse({ confirmFaces: 2, confirmMs: 0, reclusterMs: 1000, windowMs: 3000 })

/** What somebody does after a message: with the people at these places in the list, if there are so many. */
const action = fc.record({
  kind: fc.constantFrom('none', 'none', 'none', 'remove', 'merge', 'unmerge', 'split', 'save', 'restart'),
  first: fc.nat({ max: 5 }),
  second: fc.nat({ max: 5 }),
})
type Action = typeof action extends fc.Arbitrary<infer Value> ? Value : never

/** An engine that is saved and started again, and what is known of the people it was told to delete. */
const site = () => {
  const archive = archiveInMemory()
  let engine: Identity = createIdentity(options, { archive })
  let state: SavedState = fresh
  const deleted = new Set<PersonId>()
  /** Every ID that was ever given. */
  const named = new Set<PersonId>()
  const save = (): void => {
    const change = engine.takeChange()
    archive.apply(change)
    state = deserialize(serialize(applied(state, change))) as SavedState
    const { retired, ...rest } = state
    const settled = archive.settled.ofPeople([...named])
    for (const text of textsIn([rest, settled]))
      expect(deleted.has(text), `${text} is named in what is saved`).toBe(false)
    expect(retired).toEqual(expect.arrayContaining([...deleted]))
  }
  const remove = (id: PersonId): void => {
    const vectors = engine.exportPeople().find((person) => person.id === id)?.exemplars ?? []
    const ids = [id, ...engine.person(id).aliases]
    engine.remove(id, 0)
    for (const each of ids) deleted.add(each)
    save()
    const left = vectorsIn([state, archive.settled.ofPeople([...named])])
    for (const { vector } of vectors) expect(mostAlike(left, vector)).toBeLessThan(0.99999)
  }
  const unmerge = (id: PersonId): void => {
    const [former] = engine.person(id).aliases
    try {
      if (former !== undefined) engine.unmerge(former, 0)
    } catch (error) {
      // Not every merge can be taken back.
      expect(error).toMatchObject({ code: 'PERSON_CONFLICT' })
    }
  }
  const act = ({ kind, first, second }: Action): void => {
    const people = engine.people()
    const [one, other] = [people[first], people[second]]
    if (kind === 'remove' && one) remove(one.id)
    if (kind === 'merge' && one && other && one !== other) engine.merge(one.id, other.id, 0, { force: true })
    if (kind === 'unmerge' && one) unmerge(one.id)
    if (kind === 'split' && one && engine.person(one.id).exemplars > 1) engine.split(one.id, 0)
    if (kind === 'save') save()
    if (kind === 'restart') {
      save()
      engine = createIdentity(options, { saved: state, archive })
    }
  }
  const heard = (events: RollcallEvent[]): RollcallEvent[] => {
    for (const { type, subject } of events) if (type === 'rollcall.person.created.v1') named.add(subject)
    return events
  }
  const play = (message: Message): RollcallEvent[] =>
    heard('faces' in message ? engine.update(message.faces) : engine.change(message.change))
  return { act, play, save, deleted, engine: () => engine }
}

it('no vector and no ID of a deleted person is saved or published, whatever comes in', () => {
  let deletions = 0
  fc.assert(
    fc.property(traffic, fc.infiniteStream(action), (messages, actions) => {
      const { act, play, save, deleted } = site()
      for (const message of messages) {
        for (const text of textsIn(play(message))) expect(deleted.has(text), `${text} is published`).toBe(false)
        act(actions.next().value as Action)
      }
      save()
      deletions += deleted.size
    }),
    { numRuns: casesOf(60), endOnFailure: true },
  )
  expect(deletions).toBeGreaterThan(casesOf(100))
}, 120_000)
