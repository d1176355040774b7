import { deserialize, serialize } from 'node:v8'
import fc from 'fast-check'
import { expect, it } from 'vitest'
import { RollcallError } from '../../../src/errors.ts'
import type { PersonEvent, RollcallEvent } from '../../../src/events/types.ts'
import { createIdentity, type Identity } from '../../../src/identity/identity.ts'
import { identityOptions } from '../../../src/identity/options.ts'
import type { SavedState } from '../../../src/identity/state/state.ts'
import { archiveInMemory } from '../../../src/identity/store/archive.ts'
import { casesOf } from '../../support/cases.ts'
import { applied, fresh } from '../store/states.ts'
import { direction, faceOf, facesAt, near, randomFrom } from '../support/faces.ts'

const options = identityOptions.parse({ windowMs: 3000, archiveAfterDays: null })
const startMs = 1_772_443_800_000

const act = fc.oneof(
  fc.record({ kind: fc.constantFrom('merge', 'merge', 'separate', 'take off', 'take off'), a: fc.nat(), b: fc.nat() }),
  fc.record({ kind: fc.constantFrom('unmerge', 'split', 'delete', 'name', 'visit'), a: fc.nat(), b: fc.constant(0) }),
  fc.record({ kind: fc.constantFrom('visit', 'restart'), a: fc.nat(), b: fc.constant(0) }),
)

/** What a consumer makes of the events: who is alive, and who is whose alias. */
const createConsumer = () => {
  const alive = new Set<string>()
  const aliases = new Map<string, string>()
  const deleted = new Set<string>()
  const hear = (event: RollcallEvent): void => {
    const { type, data } = event as PersonEvent
    if (type === 'rollcall.person.created.v1') alive.add(data.person)
    if (type === 'rollcall.person.merged.v1') {
      expect(alive.delete(data.person)).toBe(true)
      aliases.set(data.person, data.into)
    }
    if (type === 'rollcall.person.unmerged.v1') {
      expect(aliases.delete(data.person)).toBe(true)
      alive.add(data.person)
    }
    if (type !== 'rollcall.person.deleted.v1') return
    expect(alive.delete(data.person)).toBe(true)
    const gone = [data.person, ...[...aliases.keys()].filter((id) => resolve(id) === data.person)]
    for (const id of gone) {
      aliases.delete(id)
      deleted.add(id)
    }
  }
  const resolve = (id: string): string => {
    let at = id
    for (let steps = 0; aliases.has(at); steps++) {
      expect(steps).toBeLessThan(1000)
      at = aliases.get(at) ?? at
    }
    return at
  }
  return { alive, deleted, hear, resolve }
}

/** An engine that somebody plays with, restarted now and then; all that is ever said of its people. */
const play = () => {
  const random = randomFrom(5)
  const looks = Array.from({ length: 6 }, () => direction(random))
  const consumer = createConsumer()
  const given = new Set<string>()
  const used = new Set<string>()
  const archive = archiveInMemory()
  let engine: Identity = createIdentity(options, { archive })
  let state: SavedState = fresh
  let [atMs, seq, tracks, takenOff] = [startMs, 0, 0, 0]
  const tell = (events: readonly RollcallEvent[]): void => {
    for (const event of events) {
      const name = `${event.source} ${event.id}`
      expect(used.has(name), name).toBe(false)
      used.add(name)
      consumer.hear(event)
      if (event.type === 'rollcall.person.created.v1') given.add(event.subject)
    }
  }
  const visit = (who: number): void => {
    const track = `door/s/${tracks++}`
    atMs += 1000
    for (let i = 0; i < 5; i++) {
      atMs += 200
      const face = faceOf(track, near(looks[who % looks.length] as Float32Array, 0.3, random))
      tell(engine.update(facesAt(atMs, seq++, [face], i === 4 ? { endedTracks: [track] } : {})))
    }
  }
  const save = (): void => {
    const change = engine.takeChange()
    archive.apply(change)
    state = deserialize(serialize(applied(state, change))) as SavedState
  }
  /** Takes the tracks of every second visit off the person. */
  const takeOff = (id: string, n: number): void => {
    save()
    const chosen = archive.settled
      .ofPeople(engine.idsOf(id))
      .map(({ track }) => track)
      .filter((track) => Number(track.split('/').at(-1)) % 2 === n % 2)
    if (chosen.length === 0) return
    const before = engine.people().reduce((sum, { tracks }) => sum + tracks, 0)
    tell(engine.split(id, atMs, { tracks: chosen }))
    expect(engine.people().reduce((sum, { tracks }) => sum + tracks, 0)).toBe(before)
    takenOff++
  }
  const restart = (): void => {
    save()
    engine = createIdentity(options, { saved: state, archive })
  }
  const nth = (n: number): string => [...given][n % Math.max(1, given.size)] ?? 'p-nobody'
  const run = ({ kind, a, b }: { kind: string; a: number; b: number }): void => {
    const id = nth(a)
    try {
      if (kind === 'visit') visit(a)
      else if (kind === 'restart') restart()
      else if (kind === 'merge') tell(engine.merge(id, nth(b), atMs, { force: true }))
      else if (kind === 'separate') tell(engine.separate(id, nth(b), atMs))
      else if (kind === 'unmerge') tell(engine.unmerge(id, atMs))
      else if (kind === 'split') tell(engine.split(id, atMs))
      else if (kind === 'take off') takeOff(id, b)
      else if (kind === 'name') tell(engine.name(id, `N${a % 3}`, atMs))
      else if (a % 4 === 0) tell(engine.remove(id, atMs))
    } catch (error) {
      if (!(error instanceof RollcallError)) throw error
      expect(['PERSON_UNKNOWN', 'PERSON_CONFLICT']).toContain(error.code)
    }
  }
  /** Everybody's settled tracks, with whose they are. */
  const settled = () =>
    [...given]
      .flatMap((id) => archive.settled.ofPeople([id]))
      .map((one) => ({ one, person: engine.resolve(one.person) }))
  return {
    run,
    visit,
    tell,
    restart,
    consumer,
    given,
    settled,
    engine: () => engine,
    atMs: () => atMs,
    takenOff: () => takenOff,
  }
}

/** Each ID that was ever given is alive, an alias of somebody who is, or retired, as the events have said. */
const check = ({ engine, consumer, given }: ReturnType<typeof play>): void => {
  const people = engine()
    .people()
    .map(({ id }) => id)
  expect(new Set(people)).toEqual(consumer.alive)
  for (const id of given) {
    const end = engine().resolve(id)
    expect(consumer.resolve(id)).toBe(end)
    expect(people.includes(end)).toBe(!consumer.deleted.has(end))
  }
  for (const { id, tracks, faces } of engine().people()) {
    expect(Math.min(tracks, faces), id).toBeGreaterThanOrEqual(0)
    for (const alias of engine().person(id).aliases) expect(engine().resolve(alias)).toBe(id)
  }
}

it('after any actions each ID is alive, an alias or retired, as the events say', () => {
  let takenOff = 0
  fc.assert(
    fc.property(fc.array(act, { minLength: 5, maxLength: 40 }), (acts) => {
      const game = play()
      for (let i = 0; i < 6; i++) game.visit(i)
      for (const one of acts) {
        game.run(one)
        check(game)
      }
      game.restart()
      check(game)
      for (const { one, person } of game.settled()) expect(game.consumer.alive.has(person), one.track).toBe(true)
      // No exemplar weighs less than nothing, or is longer than it weighs.
      for (const { exemplars } of game.engine().exportPeople())
        for (const { vector, weight } of exemplars) {
          expect(weight).toBeGreaterThan(0)
          expect(Math.hypot(...vector)).toBeLessThan(weight + 1e-3)
        }
      takenOff += game.takenOff()
    }),
    { numRuns: casesOf(120) },
  )
  expect(takenOff).toBeGreaterThan(casesOf(15))
}, 120_000)

/** All that is known, but who is apart from whom because of a merge that was taken back. */
const known = (engine: Identity, a: string, b: string) => ({
  people: engine.people(),
  details: engine.people().map(({ id }) => {
    const { apart, alike: _, ...rest } = engine.person(id)
    return {
      ...rest,
      apart: apart
        .filter((other) => ![a, b].includes(id) || ![a, b].includes(other))
        .toSorted((x, y) => (x < y ? -1 : 1)),
    }
  }),
  exported: engine.exportPeople().map((person) => ({ ...person, apart: null })),
})

it('an unmerge right after a merge leaves everybody exactly as before', () => {
  let undone = 0
  fc.assert(
    fc.property(fc.array(act, { maxLength: 25 }), fc.nat(), fc.nat(), fc.boolean(), (acts, a, b, isRestarted) => {
      const game = play()
      for (let i = 0; i < 6; i++) game.visit(i)
      for (const one of acts) game.run(one)
      const people = game.engine().people()
      const [one, two] = [people[a % people.length], people[b % people.length]]
      if (!one || !two || one === two || (one.name !== null && two.name !== null && one.name !== two.name)) return
      const before = known(game.engine(), one.id, two.id)
      game.tell(game.engine().merge(one.id, two.id, game.atMs(), { force: true }))
      if (isRestarted) game.restart()
      const gone = game.engine().resolve(one.id) === one.id ? two.id : one.id
      game.tell(game.engine().unmerge(gone, game.atMs()))
      expect(known(game.engine(), one.id, two.id)).toEqual(before)
      undone++
    }),
    { numRuns: casesOf(60) },
  )
  expect(undone).toBeGreaterThan(casesOf(15))
}, 120_000)
