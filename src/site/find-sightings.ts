import { sightingOf } from '../identity/sightings/sighting.ts'
import type { SightingTable } from '../identity/store/sighting-table.ts'
import type { FindSightings } from '../server/sightings-routes.ts'
import type { PersonId } from '../types.ts'

/** Where `findSightingsIn` looks. */
export interface FindSightingsParts {
  readonly table: Pick<SightingTable, 'find'>
  /** The ID of the person that this one stands for, and all its aliases. Throws PERSON_UNKNOWN. */
  readonly idsOf: (person: PersonId) => readonly PersonId[]
  /** The person an ID stands for now. */
  readonly resolve: (person: PersonId) => PersonId
  /** Commits what has changed, so that the table is up to date. */
  readonly flush: () => void
}

/** Makes the query of sightings that both the HTTP API and `rollcall people --state` use. Its answers are up to date. */
export const findSightingsIn =
  ({ table, idsOf, resolve, flush }: FindSightingsParts): FindSightings =>
  ({ person, camera, fromMs, untilMs, limit, cursor }) => {
    flush()
    const found = table.find({
      people: person === undefined ? null : idsOf(person),
      camera: camera ?? null,
      fromMs: fromMs ?? null,
      untilMs: untilMs ?? null,
      before: cursor === undefined ? null : Number(cursor),
      // One more than asked for shows whether there is another page.
      limit: limit + 1,
    })
    const page = found.slice(0, limit)
    const last = page.at(-1)
    return {
      sightings: page.map((one) => sightingOf(one, resolve(one.person))),
      next: found.length > limit && last ? String(last.number) : null,
    }
  }
