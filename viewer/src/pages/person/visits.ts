import type { Sighting } from '../../../../src/events/types.ts'
import type { Api } from '../../shell/api.ts'

/** Visits that are asked for at once. */
const pageSize = 500

/** Visits of one person, the newest first, as far as they are loaded. */
export interface Visits {
  readonly list: readonly Sighting[]
  /** Where the next page begins; null when all are loaded. */
  readonly next: string | null
}

/** Nothing is loaded yet. */
export const noVisits: Visits = { list: [], next: null }

/** Reads the newest visits, or with `before` those that follow what is loaded. Rejects with an `ApiError`. */
export const readVisits = async (api: Pick<Api, 'get'>, person: string, before = noVisits): Promise<Visits> => {
  const cursor = before.next === null ? '' : `&cursor=${before.next}`
  const { sightings, next } = await api.get<{ readonly sightings: readonly Sighting[]; readonly next: string | null }>(
    `/api/sightings?limit=${pageSize}&person=${encodeURIComponent(person)}${cursor}`,
  )
  return { list: [...before.list, ...sightings], next }
}
