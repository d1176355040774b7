import type { PersonId } from '../../types.ts'
import type { Origin, Origins } from '../people/origins.ts'
import type { Exemplar, SavedPerson } from '../state/state.ts'
import type { Statements } from './statements.ts'
import { bytesOf, floatsOf } from './vectors.ts'

/** Of one person, with its place. */
interface Written {
  readonly place: number
  readonly number: number
  readonly origin: Origin
}

/** Reads the origins of everybody, by the place of the person, each in the order of the merges. */
export const readOrigins = (run: Statements): Map<number, Origin[]> => {
  const exemplars = new Map<string, Exemplar[]>()
  for (const { origin, is_rest, weight, sum } of run.originExemplars()) {
    const key = `${origin} ${is_rest}`
    exemplars.set(key, [...(exemplars.get(key) ?? []), { sum: floatsOf(sum), weight }])
  }
  const found = new Map<number, Origin[]>()
  for (const { person, restLastSeenAtMs, restUnseenSinceMs, restLastCamera, ...own } of run.origins()) {
    const listOf = (isRest: 0 | 1): Exemplar[] => exemplars.get(`${own.id} ${isRest}`) ?? []
    const lastSeen = { lastSeenAtMs: restLastSeenAtMs, unseenSinceMs: restUnseenSinceMs, lastCamera: restLastCamera }
    found.set(person, [
      ...(found.get(person) ?? []),
      { ...own, exemplars: listOf(0), rest: { ...lastSeen, exemplars: listOf(1) } },
    ])
  }
  return found
}

/**
 * Writes origins, only those that are not in the file as they are. `known`: what the file has; an origin is never changed,
 * only replaced, so the same object needs no writing.
 */
export const createOriginWriter = (run: Statements, known: ReadonlyMap<number, Origins>) => {
  const written = new Map<PersonId, Written>()
  const ofPlace = new Map<number, Set<PersonId>>()
  const remember = (place: number, number: number, origin: Origin): void => {
    const before = written.get(origin.id)
    if (before && before.place !== place) ofPlace.get(before.place)?.delete(origin.id)
    written.set(origin.id, { place, number, origin })
    ofPlace.set(place, (ofPlace.get(place) ?? new Set()).add(origin.id))
  }
  for (const [place, origins] of known)
    for (const [number, origin] of origins.entries()) remember(place, number, origin)

  const put = (place: number, number: number, origin: Origin): void => {
    run.putOrigin(place, number, origin)
    run.dropOriginExemplars(origin.id)
    for (const [isRest, list] of [origin.exemplars, origin.rest.exemplars].entries())
      for (const [i, { weight, sum }] of list.entries())
        run.putOriginExemplar(origin.id, isRest, i, weight, bytesOf(sum))
  }
  return ({ order: place, origins }: SavedPerson): void => {
    const present = new Set(origins.map(({ id }) => id))
    for (const id of ofPlace.get(place) ?? [])
      if (!present.has(id)) {
        run.dropOrigin(id)
        written.delete(id)
        ofPlace.get(place)?.delete(id)
      }
    for (const [number, origin] of origins.entries()) {
      const is = written.get(origin.id)
      if (is?.origin === origin && is.place === place && is.number === number) continue
      put(place, number, origin)
      remember(place, number, origin)
    }
  }
}
