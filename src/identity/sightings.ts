import type { CameraId, CorrectionReason, PersonId, RollcallEvent, Sighting, SightingId, TrackId } from '../types.ts'
import type { Events } from './events.ts'
import { divided, hasPart, sightingFrom, sightingOf, withFrames, withPart } from './sighting.ts'
import type { SavedSighting, SightedTrack, StateChange } from './state.ts'

/** Sightings that are kept elsewhere: those that are over and have not changed since they were saved. */
export interface SightingArchive {
  /** Those in which one of the tracks is. */
  ofTracks(tracks: readonly TrackId[]): SavedSighting[]
  /** Those that were assigned to one of these IDs. */
  ofPeople(people: readonly PersonId[]): SavedSighting[]
  /** Null when there is none, or not any more. */
  named(sighting: SightingId): SavedSighting | null
}

export const emptyArchive: SightingArchive = { ofTracks: () => [], ofPeople: () => [], named: () => null }

/** Frames of a track that no sighting has counted yet. */
export interface Glimpse {
  /** The ID that the track was assigned to. */
  readonly person: PersonId
  readonly camera: CameraId
  readonly part: SightedTrack
}

/** That tracks, or people with all their tracks, are `person` from now on and were `before`. */
export interface Correction {
  readonly before: PersonId
  readonly person: PersonId
  readonly why: CorrectionReason
}

export interface Sightings {
  /** The track continues its sighting, else an open one of its person on the camera that is near in time; else it begins one. */
  seen(glimpse: Glimpse, knownAtMs: number): RollcallEvent[]
  /** The same for a track that is over: a sighting that it begins is over too. */
  sawBefore(glimpse: Glimpse, knownAtMs: number): RollcallEvent[]
  /** Ends those on the camera that are older than the gap, and those ahead of it: the camera's time has jumped back. */
  advance(camera: CameraId, nowMs: number): RollcallEvent[]
  end(over: (sighting: Sighting) => boolean, knownAtMs: number): RollcallEvent[]
  /** Tracks turned out to be another person: their sightings go with them, or are divided. */
  move(tracks: readonly TrackId[], correction: Correction, atMs: number): RollcallEvent[]
  /** `ids` have just become aliases of `person`, or are none any more: what was assigned to them is its. */
  rename(ids: readonly PersonId[], correction: Correction, atMs: number): RollcallEvent[]
  /** Forgets every sighting that was assigned to one of these IDs. */
  remove(ids: readonly PersonId[]): void
  /** Empty when there is no such sighting, or not any more. */
  tracksOf(sighting: SightingId): readonly TrackId[]
  /** What has changed since the last call, in the order of becoming known; of the tracks only those that have changed. */
  takeChanged(): Pick<StateChange, 'sightings' | 'sightingsGone'>
}

export interface SightingsParts {
  readonly events: Events
  /** `identity.sightingGapMs`. */
  readonly gapMs: number
  readonly archive: SightingArchive
  /** The person an ID stands for now. */
  readonly resolve: (id: PersonId) => PersonId
  /** Of an earlier run: those that were not over. */
  readonly open: readonly SavedSighting[]
}

/**
 * Who was where and when. A sighting keeps the ID that it was assigned to, so that the aliases say whose it is: a merge
 * changes no sighting, and can be undone.
 */
export const createSightings = ({ events, gapMs, archive, resolve, open }: SightingsParts): Sightings => {
  /** Those that are open or have changed, by number; `changed` are the parts that are not saved. */
  const entries = new Map<number, { sighting: SavedSighting; changed: readonly SightedTrack[] | null }>()
  let gone: StateChange['sightingsGone'] = []
  const openNumbers = new Set<number>()
  /** The open sighting that a track was last seen in. */
  const openOf = new Map<TrackId, number>()

  const set = (sighting: SavedSighting, changed: readonly SightedTrack[] | null): void => {
    const { number, ended } = sighting
    entries.set(number, { sighting, changed })
    if (ended) openNumbers.delete(number)
    else openNumbers.add(number)
    for (const { track } of sighting.tracks)
      if (!ended) openOf.set(track, number)
      else if (openOf.get(track) === number) openOf.delete(track)
  }
  const change = (sighting: SavedSighting, parts: readonly SightedTrack[]): void => {
    const changed = parts.reduce(withPart, [...(entries.get(sighting.number)?.changed ?? [])])
    set(
      sighting,
      changed.filter((part) => hasPart(sighting.tracks, part)),
    )
  }
  for (const one of open) set(one, null)

  const get = (number: number | undefined): SavedSighting | null =>
    (number === undefined ? null : entries.get(number)?.sighting) ?? null
  const openOnes = (): SavedSighting[] => [...openNumbers].flatMap((number) => get(number) ?? [])
  const personOf = ({ person }: SavedSighting): PersonId => resolve(person)
  const said = (sighting: SavedSighting): Sighting => sightingOf(sighting, personOf(sighting))

  /** Those that are in memory count as they are there. */
  const withArchived = (
    archived: readonly SavedSighting[],
    wanted: (one: SavedSighting) => boolean,
  ): SavedSighting[] => {
    const elsewhere = archived.filter(({ number }) => !entries.has(number))
    const here = [...entries.values()].map(({ sighting }) => sighting).filter(wanted)
    return [...elsewhere, ...here].sort((a, b) => a.number - b.number)
  }
  const sightingFor = ({ person, camera, part }: Glimpse): SavedSighting | null => {
    const own = get(openOf.get(part.track))
    if (own && personOf(own) === resolve(person)) return own
    // Of one ID, not only of one person: then an unmerge takes the whole sighting.
    const isNear = (one: SavedSighting): boolean =>
      one.camera === camera &&
      one.person === person &&
      part.fromMs - one.untilMs <= gapMs &&
      one.fromMs - part.untilMs <= gapMs
    return openOnes().findLast(isNear) ?? null
  }
  /** Null when it belongs to none that there is. */
  const extend = (glimpse: Glimpse): SavedSighting | null => {
    const known = sightingFor(glimpse)
    if (!known) return null
    const { sighting, part } = withFrames(known, glimpse.part)
    change(sighting, [part])
    return sighting
  }
  const begin = ({ person, camera, part }: Glimpse, knownAtMs: number) => {
    const first = sightingFrom(part, person, camera)
    const event = events.sightingStarted(said(first), knownAtMs)
    const sighting = { ...first, number: events.sequence() }
    change(sighting, [part])
    return { sighting, event }
  }
  const end = (sighting: SavedSighting, knownAtMs: number): RollcallEvent => {
    change({ ...sighting, ended: true }, [])
    return events.sightingEnded(said(sighting), knownAtMs)
  }
  const correct = (sighting: SavedSighting, { before, why }: Correction, atMs: number): RollcallEvent =>
    events.sightingCorrected(said(sighting), before, why, atMs)

  return {
    seen: (glimpse, knownAtMs) => (extend(glimpse) ? [] : [begin(glimpse, knownAtMs).event]),
    sawBefore(glimpse, knownAtMs) {
      if (extend(glimpse)) return []
      const { sighting, event } = begin(glimpse, knownAtMs)
      return [event, end(sighting, knownAtMs)]
    },
    advance: (camera, nowMs) =>
      openOnes()
        .filter((one) => one.camera === camera && Math.abs(nowMs - one.untilMs) > gapMs)
        .map((one) => end(one, nowMs)),
    end: (over, knownAtMs) =>
      openOnes()
        .filter((one) => over(said(one)))
        .map((one) => end(one, knownAtMs)),
    move(tracks, correction, atMs) {
      const moves = new Set(tracks)
      const whose = { ...correction, before: resolve(correction.before) }
      const hasOne = (one: SavedSighting): boolean => one.tracks.some(({ track }) => moves.has(track))
      return withArchived(archive.ofTracks(tracks), hasOne)
        .filter((one) => personOf(one) === whose.before)
        .flatMap((whole) => {
          const [kept, other] = divided(whole, moves, whose.person)
          change(kept, [])
          const told = [correct(kept, whose, atMs)]
          if (other) {
            told.push(correct(other, whose, atMs))
            change({ ...other, number: events.sequence() }, other.tracks)
          }
          return told
        })
    },
    rename(ids, correction, atMs) {
      const own = new Set(ids)
      const found = withArchived(archive.ofPeople(ids), ({ person }) => own.has(person))
      return found.map((one) => correct(one, correction, atMs))
    },
    remove(ids) {
      const over = new Set(ids)
      for (const [number, { sighting, changed }] of entries) {
        if (!over.has(sighting.person)) continue
        set({ ...sighting, ended: true }, null)
        entries.delete(number)
        gone = [...gone, { number, tracks: changed ?? [] }]
      }
    },
    tracksOf(name) {
      const here = [...entries.values()].find(({ sighting }) => sighting.sighting === name)?.sighting
      const sighting = here ?? archive.named(name)
      return sighting ? said(sighting).tracks : []
    },
    takeChanged() {
      const taken = [...entries.values()].filter(({ changed }) => changed !== null)
      for (const { sighting } of taken)
        if (sighting.ended) entries.delete(sighting.number)
        else set(sighting, null)
      const sightings = taken
        .map(({ sighting, changed }) => ({ ...sighting, tracks: changed ?? [] }))
        .sort((a, b) => a.number - b.number)
      const sightingsGone = gone
      gone = []
      return { sightings, sightingsGone }
    },
  }
}
