import { RollcallError } from '../../errors.ts'
import type { RollcallEvent } from '../../events/types.ts'
import { weightOf } from '../../math/template.ts'
import type { ObjectorId, PersonId, WallMs } from '../../types.ts'
import { type DeletePerson, type DeletionParts, forgetAlike } from '../gallery/deletion.ts'
import type { EnrolledFace } from '../gallery/gallery.ts'
import { conflict, needPerson } from '../gallery/gallery-parts.ts'
import { evidenceOf, type Known } from '../people/evidence.ts'
import { knownBy, withExemplar } from '../people/exemplars.ts'
import type { PersonRecord } from '../people/person-record.ts'
import type { Exemplar, Objector } from '../state/state.ts'
import type { DroppedTracks } from './dropped-tracks.ts'
import type { Objectors } from './objectors.ts'

/** Somebody objects: by the ID of a person, or by faces of photos. */
export interface Objection extends Pick<Objector, 'id' | 'note' | 'code'> {
  /** Null: by `faces`. */
  readonly person: PersonId | null
  readonly faces: readonly EnrolledFace[]
}

/** What objectors may ask for. */
export interface Objections {
  /**
   * Remembers somebody just enough to be dropped, and deletes everybody who is known by that look: the person, and people
   * without a name who score `join` with it and are not certainly somebody else. Throws PERSON_UNKNOWN, and PERSON_CONFLICT
   * when there is nothing to recognise the objector by.
   */
  object(objection: Objection, atMs: WallMs): RollcallEvent[]
  /** Forgets an objector: whoever it is can be recognised again. Throws PERSON_UNKNOWN. */
  revoke(id: ObjectorId): void
  /** Who has objected, in that order; no look of them. */
  objectors(): readonly Objector[]
}

/** What objections read and change. */
export interface ObjectionParts
  extends Pick<DeletionParts, 'people' | 'tracklets' | 'unassigned' | 'coOccurrence' | 'options'> {
  readonly objectors: Objectors
  readonly dropped: Pick<DroppedTracks, 'clear'>
  readonly deletePerson: DeletePerson
}

/** The error for an ID that no objector has. */
export const unknownObjector = (id: ObjectorId): RollcallError =>
  new RollcallError('PERSON_UNKNOWN', `there is no objector ${JSON.stringify(id)}`, {
    remedy: 'rollcall people objectors lists them.',
  })

/** What is remembered of a person or of faces: at most eight looks. */
const looksOf = (person: PersonRecord | null, faces: readonly EnrolledFace[]): Exemplar[] => {
  const shown = faces.map(({ embedding, quality }): Exemplar => {
    const weight = evidenceOf(weightOf(quality))
    return { sum: embedding.map((value) => value * weight), weight }
  })
  const known = person ? [...person.exemplars, ...person.contributions.values()] : []
  return [...known, ...shown].reduce<Exemplar[]>((looks, look) => withExemplar(looks, look), [])
}

/** Makes the only place where somebody becomes an objector. */
export const createObjections = (parts: ObjectionParts): Objections => {
  const { people, tracklets, unassigned, coOccurrence, options, objectors, dropped, deletePerson } = parts
  const isAlike = (look: Known, one: PersonRecord): boolean => (people.compare(look, one)?.score ?? -1) >= options.join

  /** The person whom photos show, as `whoIs` tells; null when that is nobody, or not clear. */
  const shownIn = (look: Known): PersonRecord | null => {
    const [best, next] = people.nearest(look, 2, () => true)
    if (!best || best.score < options.join || best.score - (next?.score ?? -1) < options.margin) return null
    return best.person
  }
  return {
    object({ person: id, faces, ...facts }, atMs) {
      const named = id === null ? null : needPerson(people, id)
      const looks = looksOf(named, faces)
      const look = knownBy(looks)
      if (!look) throw conflict('nothing is known to recognise the objector by', 'Object with photos.')
      const person = named ?? shownIn(look)
      const apart = new Set(person ? coOccurrence.apartFrom(person.id) : [])
      objectors.add({ ...facts, objectedAtMs: atMs, how: named ? 'person' : 'photo', looks })
      const gone = people
        .all()
        .filter((one) => one === person || (one.name === null && !apart.has(one.id) && isAlike(look, one)))
      const events = gone.flatMap((one) => deletePerson(one, 'user', atMs))
      forgetAlike({ tracklets, unassigned }, (known) => objectors.scoreOf(known) >= options.create)
      return events
    },
    revoke(id) {
      if (!objectors.find(id)) throw unknownObjector(id)
      objectors.remove(id)
      dropped.clear()
    },
    objectors: () =>
      objectors.all().map(({ id, objectedAtMs, how, note, code }) => ({ id, objectedAtMs, how, note, code })),
  }
}
