import type { PersonId, WallMs } from '../../types.ts'
import { type ActsParts, type Outcome, personOf } from './act-parts.ts'

/** The acts that are about whole people: each does what `Gallery` does, and says how it is taken back. */
export const actsOnPeople = (parts: Pick<ActsParts, 'gallery' | 'people' | 'coOccurrence'>) => {
  const { gallery, people, coOccurrence } = parts
  return {
    name(id: PersonId, wanted: string | null, atMs: WallMs): Outcome {
      const person = personOf(parts, id)
      const before = person.name
      const events = gallery.name(id, wanted, atMs)
      const undo =
        events.length === 0 ? null : ({ kind: 'name', person: person.id, name: person.name, before } as const)
      return { events, people: [person.id], before, undo }
    },
    merge(a: PersonId, b: PersonId, force: boolean, atMs: WallMs): Outcome {
      const [one, other] = [personOf(parts, a), personOf(parts, b)]
      const events = gallery.merge(a, b, atMs, { force })
      const [into, from] = people.find(one.id) === one ? [one, other] : [other, one]
      const undo = { kind: 'merge', from: from.id, into: into.id } as const
      return { events, people: [into.id, from.id], before: null, undo }
    },
    unmerge(id: PersonId, atMs: WallMs): Outcome {
      const whole = personOf(parts, id)
      const origin = whole.origins.find((one) => one.id === id)
      const events = gallery.unmerge(id, atMs)
      const undo = origin ? ({ kind: 'unmerge', person: id, into: origin.into, by: origin.by } as const) : null
      return { events, people: [id, whole.id], before: null, undo }
    },
    separate(one: PersonId, other: PersonId, atMs: WallMs): Outcome {
      const [a, b] = [personOf(parts, one).id, personOf(parts, other).id]
      const before = coOccurrence.of(a).get(b)
      const events = gallery.separate(a, b, atMs)
      const undo = before === Infinity ? null : ({ kind: 'separate', a, b } as const)
      return { events, people: [a, b], before: null, undo }
    },
  }
}
