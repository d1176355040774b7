import { expect } from 'vitest'
import type { Consumer } from './consumer.ts'
import { dayMs, type World } from './world.ts'

/** All sightings that the API answers with. */
export const allSightings = (world: World) => {
  const found = []
  for (let cursor: string | undefined; ; ) {
    const page = world.people().findSightings({ limit: 100, cursor })
    found.push(...page.sightings)
    if (page.next === null) return found
    cursor = page.next
  }
}

/** All that users see. */
export const viewOf = (world: World) => {
  const { engine, acts, store, objections, crops } = world.people()
  const people = engine.people().map((person) => {
    const history = store?.history(person.id).map(({ id }) => id)
    const photos = crops?.ofPerson(person.id).map(({ id }) => id)
    return { ...engine.person(person.id), history, photos }
  })
  return {
    people,
    aliases: [...engine.aliases()].toSorted(([a], [b]) => (a < b ? -1 : 1)),
    exported: engine.exportPeople(),
    sightings: allSightings(world),
    actions: acts.actions(100, null).actions,
    questions: acts.review(50).questions,
    rules: world.rules().list().rules,
    objections: objections.list(),
  }
}

/** The API answers what the events have said: names, merges, splits, deletions, sightings. */
export const expectAgreed = (world: World, consumer: Consumer): void => {
  const { engine } = world.people()
  const answered = engine.people().map(({ id, name, archived }) => [id, { name, archived }] as const)
  expect(new Map(answered)).toEqual(consumer.people)
  expect(new Map(engine.aliases())).toEqual(consumer.aliases())
  const sightings = allSightings(world)
  for (const { sighting, ...one } of sightings) {
    const heard = consumer.sightings.get(sighting)
    if (!heard) throw new Error(`${sighting} was never told`)
    const { camera, ended, fromMs, untilMs, frames, tracks } = heard
    expect(one).toMatchObject({ person: consumer.resolve(heard.person), camera, ended })
    if (ended) expect(one).toMatchObject({ fromMs, untilMs, frames, tracks })
  }
  const known = new Set(sightings.map(({ sighting }) => sighting))
  // The clock on the wall is set by up to twenty days.
  const oldestMs = world.nowMs() - 6 * dayMs
  for (const [name, { knownAtMs }] of consumer.sightings)
    if (!known.has(name)) expect(knownAtMs, `${name} is kept`).toBeLessThan(oldestMs)
  for (const { who } of world.rules().list().rules)
    if (who.startsWith('p-')) expect(engine.isPerson(who), `a rule is about ${who}`).toBe(true)
  for (const id of consumer.deleted) expect([engine.has(id), engine.isDeleted(id)]).toEqual([false, true])
}

/** Nothing that is answered names somebody who was deleted, but the deletion. */
export const expectUnnamed = (view: ReturnType<typeof viewOf>, gone: Iterable<string>): void => {
  const told = JSON.stringify({ ...view, actions: view.actions.filter(({ kind }) => kind !== 'delete') })
  for (const id of gone) expect(told, `${id} was deleted`).not.toContain(id)
}
