import { RollcallError } from '../../errors.ts'
import type { Comparison, RollcallEvent } from '../../events/types.ts'
import { weightOf } from '../../math/template.ts'
import { dot, unit } from '../../math/vector.ts'
import { cleanName } from '../../text.ts'
import type { Person, PersonId, WallMs } from '../../types.ts'
import { older, type TrackAssignments } from '../clustering/track-assignments.ts'
import { roundedCandidate, share } from '../events/event-values.ts'
import type { Events } from '../events/events.ts'
import type { Teller } from '../events/tell.ts'
import type { IdentityOptions } from '../options.ts'
import type { CoOccurrence } from '../people/co-occurrence.ts'
import { comparePeople, type PeopleCompared } from '../people/compare-people.ts'
import { type Compare, evidenceOf } from '../people/evidence.ts'
import type { People } from '../people/people.ts'
import { candidateOf } from '../people/people-index.ts'
import type { PersonRecord } from '../people/person-record.ts'
import type { SettledTracks } from '../state/settled-tracks.ts'
import type { Exemplar } from '../state/state.ts'
import type { Tracklets } from '../tracklets/tracklets.ts'
import { chosenTracks, someTracks } from './chosen-tracks.ts'
import type { DeletePerson } from './deletion.ts'
import type { Gallery, ScoredMerge } from './gallery.ts'
import { createTransfer } from './transfer.ts'

/** What the actions read and change; all are shared with the rest of the engine. */
export interface GalleryParts {
  readonly people: People
  readonly coOccurrence: CoOccurrence
  readonly assignments: TrackAssignments
  readonly events: Events
  readonly compare: Compare
  readonly options: IdentityOptions
  readonly tracklets: Pick<Tracklets, 'of' | 'all'>
  readonly settled: Pick<SettledTracks, 'ofTrack'>
  readonly teller: Teller
  readonly deletePerson: DeletePerson
}

/** Most similar others that `person` names. */
const mostAlike = 5

const conflict = (message: string, remedy: string, details?: object): RollcallError =>
  new RollcallError('PERSON_CONFLICT', message, { remedy, details })

const likenessText = ({ whole, looks }: PeopleCompared, threshold: number): string =>
  `as wholes they score ${whole.score.toFixed(3)} (similarity ${whole.similarity.toFixed(3)}), ${threshold} is needed; their most alike looks ${looks.score.toFixed(3)} (${looks.similarity.toFixed(3)})`

const rounded = (comparison: Comparison): Comparison => {
  const { similarity, score } = roundedCandidate({ person: '', ...comparison })
  return { similarity, score }
}

const listed = (person: PersonRecord): Person => {
  const { id, name, archived, createdAtMs, lastSeenAtMs, lastCamera, tracks, faces } = person
  return { id, name, archived, createdAtMs, lastSeenAtMs, lastCamera, tracks, faces }
}

/** The least cosine between any two directions; null for fewer than two. */
const spreadOf = (exemplars: readonly Exemplar[]): number | null => {
  const units = exemplars.flatMap(({ sum }) => unit(sum) ?? [])
  let least = 1
  for (const [i, one] of units.entries())
    for (const other of units.slice(i + 1)) least = Math.min(least, dot(one, other))
  return units.length < 2 ? null : Math.max(-1, least)
}

/** Implements `Gallery`, whose comments name the errors. */
export const createGallery = (parts: GalleryParts): Gallery => {
  const { people, coOccurrence, assignments, events, options, deletePerson } = parts
  const { tell, log } = parts.teller

  const need = (id: PersonId): PersonRecord => {
    const person = people.find(id)
    if (person) return person
    throw new RollcallError('PERSON_UNKNOWN', `there is no person ${JSON.stringify(id)}`, {
      remedy: 'rollcall people list shows who there is; deleted people are gone for good.',
    })
  }
  const needTwo = (a: PersonId, b: PersonId): [PersonRecord, PersonRecord] => {
    const two: [PersonRecord, PersonRecord] = [need(a), need(b)]
    if (two[0] === two[1]) throw conflict(`${a} and ${b} are the same person already`, 'Name two different people.')
    return two
  }
  /** What is known that speaks against one person; null when nothing does. */
  const against = (a: PersonRecord, b: PersonRecord, compared: PeopleCompared | null): string | null => {
    const frames = coOccurrence.frames(a.id, b.id)
    if (frames === Infinity) return 'somebody said that they are two'
    if (frames >= options.cannotLinkFrames) return 'they were seen in one picture'
    return compared && compared.whole.score < options.join ? 'they are unlike' : null
  }
  /** Throws when what is known speaks against one person. */
  const needAlike = (a: PersonRecord, b: PersonRecord): void => {
    const compared = comparePeople(a, b, parts.compare)
    const { join } = options
    const why = against(a, b, compared)
    if (why === null) return
    const details: ScoredMerge | undefined = compared ? { ...compared, threshold: join } : undefined
    throw conflict(
      `${a.id} and ${b.id}: ${why}${compared ? `; ${likenessText(compared, join)}` : ''}`,
      'Look at both (rollcall people show); merge with force (--force) if they are one person all the same.',
      details,
    )
  }
  const differ = (a: PersonRecord, b: PersonRecord): boolean => a.name !== null && b.name !== null && a.name !== b.name
  const rename = (person: PersonRecord, name: string | null, atMs: WallMs): RollcallEvent[] => {
    if (person.name === name) return []
    const before = person.name
    person.name = name
    people.touch(person)
    return log([events.named(person, before, atMs)])
  }
  const tellApart = (id: PersonId, other: PersonId, apart: boolean, atMs: WallMs): RollcallEvent[] =>
    log([events.apart(need(id), other, apart, atMs)])

  return {
    people: () => people.all().map(listed),
    person(id) {
      const person = need(id)
      const exemplars = [...person.exemplars, ...person.contributions.values()]
      const others = people.nearestTo(person, mostAlike, (other) => other !== person)
      return {
        ...listed(person),
        aliases: people.aliasesOf(person.id),
        apart: coOccurrence.apartFrom(person.id),
        exemplars: exemplars.length,
        spread: spreadOf(exemplars),
        alike: others.map((match) => ({
          ...roundedCandidate(candidateOf(match)),
          threshold: share(assignments.mergeThreshold(person, match.person)),
        })),
      }
    },
    compare(a, b) {
      const [first, second] = needTwo(a, b)
      const compared = comparePeople(first, second, parts.compare)
      const { into, from } = older(first, second)
      const frames = coOccurrence.frames(first.id, second.id)
      return {
        whole: compared && rounded(compared.whole),
        looks: compared && rounded(compared.looks),
        threshold: options.join,
        into: into.id,
        from: from.id,
        together: frames === Infinity ? null : frames,
        against: against(first, second, compared),
        namesDiffer: differ(first, second),
      }
    },
    personListed: (id) => listed(need(id)),
    has: (id) => people.find(id) !== null,
    idsOf(id) {
      const person = need(id)
      return [person.id, ...people.aliasesOf(person.id)]
    },
    name: (id, name, atMs) => rename(need(id), cleanName(name), atMs),
    merge(a, b, atMs, { force = false } = {}) {
      const [first, second] = needTwo(a, b)
      if (differ(first, second))
        throw conflict(
          `${a} is named ${JSON.stringify(first.name)}, ${b} ${JSON.stringify(second.name)}`,
          'Take the name away from one of them first.',
        )
      if (!force) needAlike(first, second)
      assignments.merge(first, second, null)
      return tell(atMs)
    },
    split(id, atMs, { tracks = [] } = {}) {
      const person = need(id)
      if (tracks.length > 0) assignments.takeOff(person, someTracks(person, tracks, parts), atMs)
      else if (!assignments.split(person, atMs, null))
        throw conflict(`${id} is known from one look only`, 'There is nothing to divide; delete it, or wait for more.')
      return tell(atMs)
    },
    unmerge(id, atMs) {
      const person = need(id)
      if (person.id === id)
        throw conflict(`${id} is no old ID of anybody`, 'Name an ID that was merged; rollcall people show lists them.')
      if (!assignments.unmerge(id))
        throw conflict(
          `${id} was merged into ${person.id} so long ago that what came in under it can no longer be told`,
          `Divide ${person.id} instead (rollcall people split).`,
        )
      return tell(atMs)
    },
    move(id, to, tracks, atMs) {
      const [person, other] = needTwo(id, to)
      assignments.moveTo(person, someTracks(person, tracks, parts), other)
      return tell(atMs)
    },
    isAllOf: (id, tracks) => !chosenTracks(need(id), tracks, parts).isLeft,
    separate(a, b, atMs) {
      const [first, second] = needTwo(a, b)
      const isKnown = coOccurrence.frames(first.id, second.id) === Infinity
      coOccurrence.add(first.id, second.id, Infinity)
      return isKnown ? [] : tellApart(first.id, second.id, true, atMs)
    },
    tellApart,
    remove: (id, atMs) => deletePerson(need(id), 'user', atMs),
    enroll(given, faces, atMs) {
      const name = cleanName(given)
      if (name === null)
        throw new RollcallError('USAGE', `name: ${JSON.stringify(given)} has nothing to read`, {
          remedy: 'Give a name.',
        })
      const [known, ...others] = people.all().filter((person) => person.name === name)
      if (known && others.length > 0)
        throw conflict(
          `${1 + others.length} people are named ${JSON.stringify(name)}: ${[known, ...others].map(({ id }) => id).join(', ')}`,
          'Enroll under another name, and merge the two IDs.',
        )
      const person = known ?? people.create(`enrolled/${name}/${atMs}`, '', atMs)
      for (const { embedding, quality } of faces) {
        const weight = evidenceOf(weightOf(quality))
        people.teach(person, { sum: embedding.map((value) => value * weight), weight })
      }
      if (known) return []
      const created = log([events.created(person, null, atMs)])
      return [...created, ...rename(person, name, atMs)]
    },
    ...createTransfer({ people, coOccurrence, events, teller: parts.teller, rename }),
  }
}
