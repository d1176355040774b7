import { RollcallError } from '../../errors.ts'
import type { PersonId } from '../../types.ts'
import type { People } from '../people/people.ts'
import type { PersonRecord } from '../people/person-record.ts'
import type { Tracklet } from '../tracklets/tracklet.ts'
import type { SavedLive, SavedTracklet } from './saved-live.ts'
import type { StateChange } from './state.ts'

/** What saved state may refer to. */
export interface Existing {
  /** Resolves an ID; null when the person was deleted or never existed. */
  readonly person: (id: PersonId) => { readonly id: PersonId } | null
  /** True when a tracklet has this key. */
  readonly tracklet: (key: number) => boolean
}

const broken = (what: string): RollcallError =>
  new RollcallError('STATE', `what is saved of the people contradicts itself: ${what}`, {
    remedy: 'This is a fault of Rollcall: report it with this line. What was saved before is intact.',
  })

const assertPerson = (id: PersonId | null | undefined, { person }: Existing, where: string): void => {
  if (id != null && !person(id)) throw broken(`${where} names ${id}, who does not exist or was deleted`)
}

/**
 * Asserts that a tracklet's state fits its person and that all it refers to exists. Throws STATE, naming the mistake.
 */
const assertTracklet = (saved: SavedTracklet, existing: Existing): void => {
  const { key, track, state, person, assignedAs, before, decision, coOccurrences, coOccurringPeople } = saved
  const name = `tracklet ${key} of track ${track}`
  const hasPerson = state === 'assigned' || state === 'ended'
  if (!hasPerson && state !== 'tentative' && state !== 'unassigned') throw broken(`${name} is ${String(state)}`)
  if (hasPerson !== (person !== null)) throw broken(`${name} is ${state} with the person ${person}`)
  if (person !== null && existing.person(person)?.id !== person)
    throw broken(`${name} belongs to ${person}, who does not exist, was merged or was deleted`)
  if (assignedAs != null && existing.person(assignedAs)?.id !== person)
    throw broken(`${name} was assigned as ${assignedAs}, who is not its person ${person}`)
  assertPerson(before, existing, name)
  assertPerson(saved.assignedAs, existing, name)
  assertPerson(decision.person, existing, name)
  assertPerson(decision.candidate?.person, existing, name)
  assertPerson(decision.runnerUp?.person, existing, name)
  for (const [id] of coOccurringPeople) assertPerson(id, existing, name)
  for (const [other] of coOccurrences)
    if (!existing.tracklet(other)) throw broken(`${name} was seen with tracklet ${other}, which is forgotten`)
}

/** Asserts the whole live part, both when it is read and when it is written. Throws STATE, naming the mistake. */
export const assertLive = (live: SavedLive, people: People): void => {
  const keys = new Set(live.tracklets.map(({ key }) => key))
  if (keys.size !== live.tracklets.length) throw broken('two tracklets have one key')
  const existing: Existing = { person: (id) => people.find(id), tracklet: (key) => keys.has(key) }
  for (const tracklet of live.tracklets) assertTracklet(tracklet, existing)
  for (const id of live.touched) assertPerson(id, existing, 'the list of people to recluster')
}

/**
 * Asserts that each assigned tracklet contributes to its person, and that the people in `changed` have no other
 * contributions: then no vector of a forgotten tracklet is saved. Throws STATE.
 */
export const assertContributions = (tracklets: Iterable<Tracklet>, changed: Iterable<PersonRecord>): void => {
  const contributing = new Map<PersonRecord, number>([...changed].map((person) => [person, 0]))
  for (const tracklet of tracklets) {
    const { person } = tracklet
    if (!person) continue
    contributing.set(person, (contributing.get(person) ?? 0) + 1)
    if (!person.contributions.has(tracklet))
      throw broken(`tracklet ${tracklet.key} contributes nothing to ${person.id}`)
  }
  for (const [{ id, contributions }, count] of contributing)
    if (contributions.size !== count) throw broken(`${id} has a vector of a tracklet that was forgotten`)
}

/** Asserts that a change refers only to people who exist. Throws STATE. */
export const assertChange = (change: StateChange, people: People): void => {
  const existing: Existing = { person: (id) => people.find(id), tracklet: () => false }
  const gone = new Set([...change.gone, ...change.retired])
  for (const { id } of change.people)
    if (gone.has(id) || people.find(id)?.id !== id) throw broken(`${id} is to be saved, but was merged or deleted`)
  for (const { id, origins } of change.people)
    for (const origin of origins)
      if (people.find(origin.id)?.id !== id) throw broken(`${id} keeps what ${origin.id} was, but is not that one`)
  for (const [from, into] of change.aliases) assertPerson(into, existing, `the alias ${from}`)
  for (const { track, person } of change.settled) assertPerson(person, existing, `the settled track ${track}`)
  for (const { sighting, person } of change.sightings) assertPerson(person, existing, `the sighting ${sighting}`)
  for (const [a, b, frames] of change.apart)
    for (const id of frames > 0 ? [a, b] : []) assertPerson(id, existing, `the pair of ${a} and ${b}`)
}
