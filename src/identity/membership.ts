import type { PersonId, TrackId } from '../types.ts'
import { type Appearance, knownOf } from './appearances.ts'
import type { Compared } from './events.ts'
import type { Similarity } from './evidence.ts'
import { divide } from './exemplars.ts'
import type { IdentityOptions } from './options.ts'
import { contributionOf, type People, type PersonRecord } from './people.ts'
import type { Exemplar } from './state.ts'
import type { Together } from './together.ts'

/** A similarity or reason of null: somebody said so. */
export type Change =
  | { readonly type: 'created'; readonly person: PersonRecord; readonly by: Appearance | null }
  | { readonly type: 'assigned'; readonly appearance: Appearance; readonly before: PersonId | null }
  | {
      readonly type: 'merged'
      readonly from: PersonRecord
      readonly into: PersonRecord
      readonly why: Compared | null
    }
  | {
      readonly type: 'split'
      readonly person: PersonRecord
      readonly off: PersonRecord
      readonly similarity: number | null
    }

export interface Membership {
  /** People that the track's companions are or have been: it cannot be one of them. */
  companions(appearance: Appearance): Set<PersonRecord>
  join(appearance: Appearance, person: PersonRecord): void
  /** `atMs` when it is in the frame at hand, which is not its old person's any more. */
  leave(appearance: Appearance, atMs: number | null): void
  /** Gives its person what the track has shown so far. */
  contribute(appearance: Appearance): void
  /** Similarity to what others have added to its person; null when they have added nothing. */
  own(appearance: Appearance): number | null
  /**
   * Merges the person with whoever it turned out to be. Two people have to be more alike than a track and a person, the
   * more the more tracks both have; who is known from one track only is still asked as a track: its person may have
   * shown other looks since. Never with somebody it has been seen with, never two that are `present` in one frame,
   * never two with different names.
   */
  mergeAlike(person: PersonRecord, present: Set<PersonRecord>): void
  /** The named one stays, else the older. */
  merge(a: PersonRecord, b: PersonRecord, why: Compared | null): { from: PersonRecord; into: PersonRecord }
  /** Takes the smaller of its two most different parts out as a new person; null when it has only one. */
  split(person: PersonRecord, atMs: number, similarity: number | null): PersonRecord | null
  /** What has happened since the last call, in order. */
  takeChanges(): Change[]
  note(change: Change): void
}

/** Tracks from which on a person's mean is steady enough for the strictest threshold. */
const wellKnown = 4

/** Who has shown all there is to see must lead by this many times the margin to be the one that is most similar. */
export const clearly = 2

/**
 * Evidence from which on a track that is not like anybody is somebody new, as five good faces have it. Photos of one
 * person that were not like the others had .82 at most, look-alikes of the simulator .86 and more.
 */
const wellShown = 0.85

/** Tracks or, of who was enrolled, photos that a person is known from. */
const sourcesOf = ({ tracks, exemplars }: PersonRecord): number => tracks || Math.max(1, exemplars.length)

/** Which tracks are whose; `tracks` are those that may still change. */
export const createMembership = (
  people: People,
  together: Together,
  tracks: () => Iterable<Appearance>,
  similarityOf: Similarity,
  options: IdentityOptions,
): Membership => {
  let changes: Change[] = []

  const companions = (appearance: Appearance): Set<PersonRecord> => {
    const found = new Set<PersonRecord>()
    const add = (id: PersonId, frames: number): void => {
      const person = frames >= options.maxTogether ? people.find(id) : null
      if (person) found.add(person)
    }
    for (const [other, frames] of appearance.beside) if (other.person) add(other.person.id, frames)
    for (const [id, frames] of appearance.besidePeople) add(id, frames)
    return found
  }
  const leave = (appearance: Appearance, atMs: number | null): void => {
    const { person } = appearance
    if (!person) return
    people.contribute(person, appearance, null)
    person.tracks--
    appearance.person = null
    appearance.before = person.id
    if (atMs !== null) appearance.uncounted = { fromMs: atMs, frames: 1 }
  }
  const join = (appearance: Appearance, person: PersonRecord): void => {
    appearance.person = person
    person.tracks++
    for (const [other, frames] of appearance.beside)
      if (other.person) together.add(person.id, people.resolve(other.person.id), frames)
    const was = appearance.before
    appearance.before = null
    const stays = was !== null && people.resolve(was) === person.id
    if (!stays) changes.push({ type: 'assigned', appearance, before: was })
  }
  const merge = (a: PersonRecord, b: PersonRecord, why: Compared | null) => {
    const aStays = a.name !== null || b.name !== null ? a.name !== null : a.order < b.order
    const [into, from] = aStays ? [a, b] : [b, a]
    people.merge(from, into)
    together.merge(from.id, into.id)
    for (const appearance of tracks()) if (appearance.person === from) appearance.person = into
    changes.push({ type: 'merged', from, into, why })
    return { from, into }
  }
  const split = (person: PersonRecord, atMs: number, similarity: number | null): PersonRecord | null => {
    const parts: (Exemplar & { readonly of: object | null })[] = [
      ...person.exemplars.map((exemplar) => ({ ...exemplar, of: null })),
      ...[...person.contributions].map(([of, exemplar]) => ({ ...exemplar, of })),
    ]
    const groups = divide(parts)
    if (!groups) return null
    const [kept, off] = groups
    const name: TrackId = `${person.id}/off/${people.created()}`
    const other = people.create(name, person.lastCamera, atMs)
    const settled = (group: typeof parts): Exemplar[] =>
      group.flatMap(({ of, sum, weight }) => (of === null ? [{ sum, weight }] : []))
    people.teach(person, settled(kept))
    people.teach(other, settled(off))
    changes.push({ type: 'created', person: other, by: null })
    for (const appearance of tracks()) {
      const part = off.find(({ of }) => of === appearance)
      if (!part) continue
      people.contribute(person, appearance, null)
      people.contribute(other, appearance, part)
      person.tracks--
      other.tracks++
      appearance.person = other
      changes.push({ type: 'assigned', appearance, before: person.id })
    }
    if (similarity === null) together.add(person.id, other.id, Infinity)
    changes.push({ type: 'split', person, off: other, similarity })
    return other
  }

  /**
   * Why one of them, who is known from a single track, would join the other if it came now; null when it would not. When
   * the track is long over and showed little, it is asked as one that waited in vain: clearly most like the other is
   * enough.
   */
  const whyTrackOf = (
    a: PersonRecord,
    b: PersonRecord,
    mayBe: (a: PersonRecord, b: PersonRecord) => boolean,
  ): Compared | null => {
    const [one, other] = sourcesOf(a) === 1 ? [a, b] : [b, a]
    if (!one.known) return null
    const [best, runnerUp] = people.nearest(one.known, 2, (candidate) => mayBe(one, candidate))
    if (best?.person !== other) return null
    const { similarity } = best
    const lead = similarity - (runnerUp?.similarity ?? -1)
    const isVague = one.contributions.size === 0 && one.known.evidence < wellShown
    const isNamed = one.name !== null || other.name !== null
    if (isVague && !isNamed && similarity >= options.create && lead >= clearly * options.margin)
      return { similarity, threshold: options.create }
    return similarity >= options.join && lead >= options.margin ? { similarity, threshold: options.join } : null
  }

  return {
    companions,
    join,
    leave,
    contribute(appearance) {
      const { person, template } = appearance
      if (person && template) people.contribute(person, appearance, contributionOf(template))
    },
    own(appearance) {
      const { person, template } = appearance
      const rest = person && people.without(person, appearance)
      return rest && template ? similarityOf(knownOf(template), rest) : null
    },
    mergeAlike(person, present) {
      const mayBe = (one: PersonRecord, other: PersonRecord): boolean =>
        one !== other &&
        together.frames(one.id, other.id) < options.maxTogether &&
        (one.name === null || other.name === null || one.name === other.name) &&
        !(present.has(one) && present.has(other))
      const [match] = people.nearestTo(person, 1, (other) => mayBe(person, other))
      if (!match) return
      const { join: few, merge: many } = options
      const sources = Math.min(sourcesOf(person), sourcesOf(match.person))
      const isTrack = sources === 1
      const threshold = isTrack ? many : few + (many - few) * Math.min(1, (sources - 1) / (wellKnown - 1))
      const { similarity } = match
      const why =
        similarity >= threshold ? { similarity, threshold } : isTrack ? whyTrackOf(person, match.person, mayBe) : null
      if (!why) return
      const { from, into } = merge(person, match.person, why)
      if (present.delete(from)) present.add(into)
    },
    merge,
    split,
    takeChanges() {
      const taken = changes
      changes = []
      return taken
    },
    note: (change) => void changes.push(change),
  }
}
