import type { PersonId, SightingId, TrackId } from '../../types.ts'
import type { SavedSighting, SightedTrack, StateChange } from '../state/state.ts'
import { hasPart, withPart } from './sighting.ts'

/** The sightings in memory: those that are open, and those that have changed since they were last saved. */
export interface SightingEntries {
  /** In the order in which they were last opened or changed. */
  open(): SavedSighting[]
  /** The open sighting that the track was last seen in. */
  openOf(track: TrackId): SavedSighting | null
  /** The one of this ID, open or not. */
  named(sighting: SightingId): SavedSighting | undefined
  /** Puts a sighting in, replacing the one of its number; `parts` are those of its tracks that have changed. */
  change(sighting: SavedSighting, parts: readonly SightedTrack[]): void
  /**
   * The `archived` ones and those in memory that are `wanted`, by number. A sighting in memory replaces its archived
   * one.
   */
  withArchived(archived: readonly SavedSighting[], wanted: (one: SavedSighting) => boolean): SavedSighting[]
  /** Forgets the sightings that were assigned to one of these IDs. */
  remove(ids: readonly PersonId[]): void
  /** What has changed since the last call. Forgets those that have ended: they are in the archive then. */
  takeChanged(): Pick<StateChange, 'sightings' | 'sightingsGone'>
}

/** Starts with the open sightings of an earlier run. */
export const createSightingEntries = (saved: readonly SavedSighting[]): SightingEntries => {
  /** By number. `changed` are the parts that are not saved; null when all is saved. */
  const entries = new Map<number, { sighting: SavedSighting; changed: readonly SightedTrack[] | null }>()
  let gone: StateChange['sightingsGone'] = []
  const openNumbers = new Set<number>()
  const openByTrack = new Map<TrackId, number>()

  const set = (sighting: SavedSighting, changed: readonly SightedTrack[] | null): void => {
    const { number, ended } = sighting
    entries.set(number, { sighting, changed })
    if (ended) openNumbers.delete(number)
    else openNumbers.add(number)
    for (const { track } of sighting.tracks)
      if (!ended) openByTrack.set(track, number)
      else if (openByTrack.get(track) === number) openByTrack.delete(track)
  }
  for (const one of saved) set(one, null)

  return {
    open: () => [...openNumbers].flatMap((number) => entries.get(number)?.sighting ?? []),
    openOf(track) {
      const number = openByTrack.get(track)
      return (number === undefined ? null : entries.get(number)?.sighting) ?? null
    },
    named: (name) => [...entries.values()].find(({ sighting }) => sighting.sighting === name)?.sighting,
    change(sighting, parts) {
      const changed = parts.reduce(withPart, [...(entries.get(sighting.number)?.changed ?? [])])
      set(
        sighting,
        changed.filter((part) => hasPart(sighting.tracks, part)),
      )
    },
    withArchived(archived, wanted) {
      const onlyArchived = archived.filter(({ number }) => !entries.has(number))
      const inMemory = [...entries.values()].map(({ sighting }) => sighting).filter(wanted)
      return [...onlyArchived, ...inMemory].sort((a, b) => a.number - b.number)
    },
    remove(ids) {
      const removed = new Set(ids)
      for (const [number, { sighting, changed }] of entries) {
        if (!removed.has(sighting.person)) continue
        set({ ...sighting, ended: true }, null)
        entries.delete(number)
        gone = [...gone, { number, tracks: changed ?? [] }]
      }
    },
    takeChanged() {
      const unsaved = [...entries.values()].filter(({ changed }) => changed !== null)
      for (const { sighting } of unsaved)
        if (sighting.ended) entries.delete(sighting.number)
        else set(sighting, null)
      const sightings = unsaved
        .map(({ sighting, changed }) => ({ ...sighting, tracks: changed ?? [] }))
        .sort((a, b) => a.number - b.number)
      const sightingsGone = gone
      gone = []
      return { sightings, sightingsGone }
    },
  }
}
