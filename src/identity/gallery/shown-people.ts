import type { Comparison } from '../../events/types.ts'
import { dot, unit } from '../../math/vector.ts'
import type { Person } from '../../types.ts'
import { older } from '../clustering/track-assignments.ts'
import { roundedCandidate, share } from '../events/event-values.ts'
import { comparePeople } from '../people/compare-people.ts'
import { candidateOf } from '../people/people-index.ts'
import type { PersonRecord } from '../people/person-record.ts'
import type { Exemplar } from '../state/state.ts'
import type { Gallery } from './gallery.ts'
import { type GalleryParts, needPerson, needTwo } from './gallery-parts.ts'
import { against, namesDiffer } from './unlike.ts'

/** Most similar others that `person` names. */
const mostAlike = 5

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

/** The part of `Gallery` that tells of people and changes nothing. */
export const showPeople = (
  parts: Pick<GalleryParts, 'people' | 'coOccurrence' | 'assignments' | 'options' | 'compare'>,
): Pick<Gallery, 'people' | 'person' | 'compare' | 'personListed' | 'has' | 'idsOf'> => {
  const { people, coOccurrence, assignments, options } = parts
  return {
    people: () => people.all().map(listed),
    person(id) {
      const person = needPerson(people, id)
      const exemplars = [...person.exemplars, ...person.contributions.values()]
      const others = people.nearestTo(person, mostAlike, (other) => other !== person)
      return {
        ...listed(person),
        aliases: people.aliasesOf(person.id),
        apart: coOccurrence.apartFrom(person.id).sort(),
        exemplars: exemplars.length,
        spread: spreadOf(exemplars),
        alike: others.map((match) => ({
          ...roundedCandidate(candidateOf(match)),
          threshold: share(assignments.mergeThreshold(person, match.person)),
        })),
      }
    },
    compare(a, b) {
      const [first, second] = needTwo(people, a, b)
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
        against: against(parts, first, second, compared),
        namesDiffer: namesDiffer(first, second),
      }
    },
    personListed: (id) => listed(needPerson(people, id)),
    has: (id) => people.find(id) !== null,
    idsOf(id) {
      const person = needPerson(people, id)
      return [person.id, ...people.aliasesOf(person.id)]
    },
  }
}
