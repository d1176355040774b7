import type { PersonId } from '../../types.ts'
import { lessened, remade } from '../people/exemplars-without.ts'
import type { SavedPerson, SavedState, SettledTrack } from '../state/state.ts'

/** What is known of the people, and the past tracks that are kept of them. */
export interface KnownNow {
  readonly saved: SavedState
  /** Settled tracks that are replayed. */
  readonly off: readonly SettledTrack[]
  /** Those from before, which are not. */
  readonly stay: readonly SettledTrack[]
  /** The person an ID stands for now. */
  readonly resolve: (id: PersonId) => PersonId
}

/**
 * The state as if the replayed tracks had not been seen: people without what these have added. Whom nothing else is kept of is
 * not in it; people who were enrolled are. It has nobody in view, and no merge can be taken back in it.
 */
export const stateBefore = ({ saved, off, stay, resolve }: KnownNow): SavedState => {
  const offOf = Map.groupBy(off, ({ person }) => resolve(person))
  const stayOf = Map.groupBy(stay, ({ person }) => resolve(person))
  const people = saved.people.flatMap((person): SavedPerson[] => {
    const [gone, kept] = [offOf.get(person.id) ?? [], stayOf.get(person.id) ?? []]
    const without = person.sources <= gone.length + kept.length ? remade : lessened
    const looks = (tracks: readonly SettledTrack[]) => tracks.map(({ look }) => look)
    const exemplars = gone.length === 0 ? person.exemplars : without(person.exemplars, looks(gone), looks(kept))
    if (exemplars.length === 0) return []
    const left = {
      tracks: Math.max(0, person.tracks - gone.length),
      sources: Math.max(1, person.sources - gone.length),
    }
    return [{ ...person, ...left, exemplars, origins: [] }]
  })
  const ids = new Set(people.map(({ id }) => id))
  const isThere = (id: PersonId): boolean => ids.has(resolve(id))
  return {
    ...saved,
    people,
    aliases: saved.aliases.flatMap(([from]) => (isThere(from) ? [[from, resolve(from)] as const] : [])),
    apart: saved.apart.filter(([a, b]) => isThere(a) && isThere(b)),
    sightings: [],
    live: null,
  }
}
