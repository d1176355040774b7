import { cpSync, mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import fc from 'fast-check'
import { afterAll, beforeAll, expect, it } from 'vitest'
import { RollcallError } from '../../../src/errors.ts'
import type { RollcallEvent } from '../../../src/events/types.ts'
import { createIdentity } from '../../../src/identity/identity.ts'
import { identityOptions } from '../../../src/identity/options.ts'
import { openStore } from '../../../src/identity/store/open.ts'
import type { Changed } from '../../../src/server/people-answers.ts'
import { createActsService } from '../../../src/site/acts-service.ts'
import { createCommittedIdentity } from '../../../src/site/committed-identity.ts'
import { createPeopleService } from '../../../src/site/people-service.ts'
import { casesOf } from '../../support/cases.ts'
import { embedder } from '../store/states.ts'
import { direction, faceOf, facesAt, near, randomFrom } from '../support/faces.ts'

const options = identityOptions.parse({ windowMs: 3000, archiveAfterDays: null })
const startMs = 1_772_443_800_000
const random = randomFrom(11)
const looks = Array.from({ length: 5 }, () => direction(random, embedder.dimensions))
const visits = 9

/** The engine and the services of a site on its state directory. */
const openSite = (directory: string) => {
  const store = openStore(directory, { embedder })
  const engine = createIdentity(options, { archive: store, saved: store.saved() })
  const committed = createCommittedIdentity(engine, store)
  const { actions, sightings } = store
  const deps = { transact: committed.transact, actions, sightings, nowMs: () => startMs + 60_000 }
  const history = (id: string) => store.history(id)
  const people = createPeopleService({ gallery: engine, history, embedder, ...deps })
  return { store, engine, committed, people, acts: createActsService({ engine, ...deps }) }
}
type Site = ReturnType<typeof openSite>

const visit = ({ committed }: Site, number: number): RollcallEvent[] => {
  const track = `door/s/${number}`
  const events = Array.from({ length: 5 }, (_, i) => {
    const seq = number * 5 + i
    const face = faceOf(track, near(looks[number % looks.length] as Float32Array, 0.3, random))
    return committed.update(facesAt(startMs + seq * 200, seq, [face], i === 4 ? { endedTracks: [track] } : {}))
  })
  committed.commit()
  return events.flat()
}

const trackNames = Array.from({ length: visits }, (_, i) => `door/s/${i}`)

/** All that users see of people, of whose each track is, and of what can be undone and is asked. */
const viewOf = ({ engine, store, acts }: Site) => {
  const people = engine.people().map(({ id, name, tracks, faces }) => {
    const { apart } = engine.person(id)
    return { id, name, tracks, faces, apart: apart.toSorted(), aliases: engine.idsOf(id).slice(1).toSorted() }
  })
  const whose = trackNames.map((track) => {
    const person = store.sightings.ofTracks([track])[0]?.person ?? null
    return person !== null && engine.has(person) ? engine.resolve(person) : null
  })
  const actions = acts.actions(100, null).actions.map(({ id, text, undoable }) => ({ id, text, undoable }))
  const questions = acts.review(50).questions.map(({ id }) => id)
  return { people: people.toSorted((a, b) => (a.id < b.id ? -1 : 1)), whose, actions, questions }
}
type View = ReturnType<typeof viewOf>

/** What an undo brings back. */
const undoneTo = ({ people, whose }: View) => ({ people: people.map((one) => ({ ...one, aliases: null })), whose })

const kinds = ['name', 'merge', 'merge', 'unmerge', 'split', 'take off', 'move', 'separate', 'answer', 'undo'] as const
const step = fc.record({
  kind: fc.oneof(
    { weight: 12, arbitrary: fc.constantFrom(...kinds) },
    { weight: 1, arbitrary: fc.constant('delete' as const) },
  ),
  a: fc.nat({ max: 99 }),
  b: fc.nat({ max: 99 }),
  restart: fc.boolean(),
})
type Step = typeof step extends fc.Arbitrary<infer Value> ? Value : never

const done = { action: null, events: [] } as const

const act = (
  { people, acts, store }: Site,
  ids: readonly string[],
  { kind, a, b }: Step,
  name: string,
): Pick<Changed, 'events'> & { readonly action: number | null } => {
  const [one, other] = [ids[a % ids.length] as string, ids[b % ids.length] as string]
  const sighting = store.sightings.ofTracks([trackNames[a % visits] as string])[0]?.sighting ?? 'none'
  switch (kind) {
    case 'name':
      return people.name(one, b % 4 === 0 ? null : name, 'me')
    case 'merge':
      return people.merge(one, other, true, 'me')
    case 'unmerge':
      return people.unmerge(one, 'me')
    case 'split':
      return people.split(one, { tracks: [], sightings: [] }, 'me')
    case 'take off':
      return acts.move(sighting, null, 'me')
    case 'move':
      return acts.move(sighting, other, 'me')
    case 'separate':
      return people.separate(one, other, 'me')
    case 'delete':
      return people.remove(one, 'me')
    case 'answer': {
      const [question] = acts.review(5).questions
      if (!question) return done
      const answer = question.answers[b % question.answers.length] as (typeof question.answers)[number]
      return acts.answer(question.id, { answer, name }, 'me')
    }
    case 'undo': {
      const undoable = acts.actions(20, null).actions.filter((action) => action.undoable)
      const chosen = undoable[b % Math.max(1, undoable.length)]
      return chosen ? { events: acts.undo(chosen.id, 'me').events, action: null } : done
    }
  }
}

let root = ''
const given = new Set<string>()
beforeAll(() => {
  root = mkdtempSync(join(tmpdir(), 'rollcall-acts-'))
  const site = openSite(join(root, 'seen'))
  for (let i = 0; i < visits; i++)
    for (const { type, subject } of visit(site, i)) if (type === 'rollcall.person.created.v1') given.add(subject)
  site.store.close()
})
afterAll(() => rmSync(root, { recursive: true, force: true }))

/** The same people elsewhere, by a file. */
const expectSameElsewhere = ({ people, engine }: Site, directory: string): void => {
  const elsewhere = openSite(directory)
  const file = JSON.parse(JSON.stringify(people.export())) as ReturnType<typeof people.export>
  elsewhere.people.import(file, 'me')
  const known = ({ engine: one }: Pick<Site, 'engine'>) =>
    one
      .people()
      .map(({ id, name, tracks, faces }) => ({ id, name, tracks, faces, ids: one.idsOf(id).toSorted() }))
      .toSorted((x, y) => (x.id < y.id ? -1 : 1))
  expect(known(elsewhere)).toEqual(known({ engine }))
  elsewhere.store.close()
}

it('acts, undo, deletion and restarts in any order: nothing is lost, and the deleted are nowhere', () => {
  let [run, undone, deletions] = [0, 0, 0]
  const runSteps = (steps: readonly Step[]): void => {
    const directory = join(root, `run-${run++}`)
    cpSync(join(root, 'seen'), directory, { recursive: true })
    let site = openSite(directory)
    const ids = new Set(given)
    const gone = new Set<string>()
    let stack: { readonly action: number; readonly before: View }[] = []
    const restart = (): void => {
      const before = viewOf(site)
      site.store.close()
      site = openSite(directory)
      expect(viewOf(site), 'after a restart').toEqual(before)
    }
    for (const [i, each] of steps.entries()) {
      const before = viewOf(site)
      try {
        const [one] = [[...ids][each.a % ids.size] as string]
        const dying = each.kind === 'delete' ? [...site.engine.idsOf(one), site.engine.personListed(one).name] : []
        const { action, events } = act(site, [...ids], each, `Name${run}x${i}.`)
        for (const { type, subject } of events) if (type === 'rollcall.person.created.v1') ids.add(subject)
        for (const text of dying) if (text !== null) gone.add(text)
        deletions += dying.length > 0 ? 1 : 0
        if (each.kind === 'delete' || each.kind === 'undo') stack = []
        else if (action !== null) stack.push({ action, before })
      } catch (error) {
        if (!(error instanceof RollcallError)) throw error
        expect(['PERSON_UNKNOWN', 'PERSON_CONFLICT', 'USAGE'], error.message).toContain(error.code)
        expect(viewOf(site), `${each.kind}: ${error.message}`).toEqual(before)
      }
      if (each.restart) restart()
      const { people, whose, actions, questions } = viewOf(site)
      for (const person of people)
        expect(person.tracks, `${each.kind} of ${person.id}`).toBe(whose.filter((id) => id === person.id).length)
      const told = JSON.stringify([people, actions.filter(({ text }) => !text.startsWith('deleted ')), questions])
      for (const text of gone) expect(told).not.toContain(text)
    }
    expectSameElsewhere(site, `${directory}-elsewhere`)
    for (const { action, before } of stack.toReversed()) {
      site.acts.undo(action, 'me')
      expect(undoneTo(viewOf(site)), `undo of ${action}`).toEqual(undoneTo(before))
      undone++
    }
    site.store.close()
  }
  fc.assert(fc.property(fc.array(step, { minLength: 6, maxLength: 18 }), runSteps), {
    numRuns: casesOf(40),
    seed: 605,
    endOnFailure: true,
  })
  expect(undone).toBeGreaterThan(casesOf(40))
  expect(deletions).toBeGreaterThan(casesOf(10))
}, 120_000)
