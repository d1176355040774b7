import type { CorrectionReason, RollcallEvent, Sighting } from '../../events/types.ts'
import type { CameraId, PersonId, SightingId, TrackId } from '../../types.ts'
import type { Events } from '../events/events.ts'
import type { SavedSighting, SightedTrack, StateChange } from '../state/state.ts'
import { divided, sightingFrom, sightingOf, withFrames } from './sighting.ts'
import { createSightingEntries, type SightingEntries } from './sighting-entries.ts'

/** Reads saved sightings. A sighting in memory is newer than the saved one. */
export interface SightingArchive {
  /** Those with one of these tracks. */
  ofTracks(tracks: readonly TrackId[]): SavedSighting[]
  /** Those that were assigned to one of these IDs. */
  ofPeople(people: readonly PersonId[]): SavedSighting[]
  /** Null when there is none of this ID, or when it was dropped for its age. */
  named(sighting: SightingId): SavedSighting | null
}

/** For an engine that saves nothing: a sighting is gone once its change was taken. */
export const emptyArchive: SightingArchive = { ofTracks: () => [], ofPeople: () => [], named: () => null }

/** Frames of a track that no sighting has counted yet. */
export interface Glimpse {
  /** The ID that the track was assigned to; it may be an alias now. */
  readonly person: PersonId
  readonly camera: CameraId
  readonly part: SightedTrack
}

/** A change of person, of tracks or of all sightings of an ID: from `before` to `person`. */
export interface Correction {
  readonly before: PersonId
  readonly person: PersonId
  readonly why: CorrectionReason
}

/**
 * Who was where and when. Each method returns the events of its change; `knownAtMs` and `atMs` are the engine's time.
 */
export interface Sightings {
  /**
   * Adds a track's frames: to the sighting that it is in, else to an open one of its person that is near in time, else to a
   * new one.
   */
  seen(glimpse: Glimpse, knownAtMs: number): RollcallEvent[]
  /** As `seen`, for a track that has ended: a new sighting ends at once. */
  sawBefore(glimpse: Glimpse, knownAtMs: number): RollcallEvent[]
  /**
   * Ends the camera's sightings that are more than the gap before `nowMs`, or after it: the camera's time has jumped
   * back.
   */
  advance(camera: CameraId, nowMs: number): RollcallEvent[]
  /** Ends the open sightings for which `isOver` is true. */
  end(isOver: (sighting: Sighting) => boolean, knownAtMs: number): RollcallEvent[]
  /** Moves tracks to another person: their sightings move with them, or are divided. */
  move(tracks: readonly TrackId[], correction: Correction, atMs: number): RollcallEvent[]
  /** Corrects the sightings of IDs that were just merged into a person, or given back to one. */
  rename(ids: readonly PersonId[], correction: Correction, atMs: number): RollcallEvent[]
  /** Forgets every sighting that was assigned to one of these IDs. */
  remove(ids: readonly PersonId[]): void
  /** Those that have started and not ended, each with the ID that its person has now. */
  open(): Sighting[]
  /** Its tracks by time; empty when there is no such sighting, or when it was dropped for its age. */
  tracksOf(sighting: SightingId): readonly TrackId[]
  /** The sighting; null when there is none, or when it was dropped for its age. */
  named(sighting: SightingId): Sighting | null
  /** What has changed since the last call, by number. Each sighting has only the tracks that have changed. */
  takeChanged(): Pick<StateChange, 'sightings' | 'sightingsGone'>
}

/** What sightings are made with. */
export interface SightingsParts {
  readonly events: Events
  /** `identity.sightingGapMs`. */
  readonly gapMs: number
  readonly archive: SightingArchive
  /** The person that an ID stands for now. */
  readonly resolve: (id: PersonId) => PersonId
  /** The open sightings of an earlier run. */
  readonly open: readonly SavedSighting[]
}

/**
 * A sighting keeps the ID that it was assigned to. Aliases say who that is now, so a merge changes no sighting and can be
 * taken back.
 */
export const createSightings = ({ events, gapMs, archive, resolve, open }: SightingsParts): Sightings => {
  const entries = createSightingEntries(open)
  const personOf = ({ person }: SavedSighting): PersonId => resolve(person)
  const published = (sighting: SavedSighting): Sighting => sightingOf(sighting, personOf(sighting))
  const counting = countingIn(entries, published, { events, gapMs, resolve })

  const named = (name: SightingId): Sighting | null => {
    const sighting = entries.named(name) ?? archive.named(name)
    return sighting && published(sighting)
  }
  const end = (sighting: SavedSighting, knownAtMs: number): RollcallEvent => {
    entries.change({ ...sighting, ended: true }, [])
    return events.sightingEnded(published(sighting), knownAtMs)
  }
  const correct = (sighting: SavedSighting, { before, why }: Correction, atMs: number): RollcallEvent =>
    events.sightingCorrected(published(sighting), before, why, atMs)

  const divide = (
    whole: SavedSighting,
    moving: ReadonlySet<TrackId>,
    correction: Correction,
    atMs: number,
  ): RollcallEvent[] => {
    const [kept, other] = divided(whole, moving, correction.person)
    entries.change(kept, [])
    const corrected = [correct(kept, correction, atMs)]
    if (other) {
      corrected.push(correct(other, correction, atMs))
      entries.change({ ...other, number: events.sequence() }, other.tracks)
    }
    return corrected
  }

  return {
    seen: (glimpse, knownAtMs) => (counting.extend(glimpse) ? [] : [counting.begin(glimpse, knownAtMs).event]),
    sawBefore(glimpse, knownAtMs) {
      if (counting.extend(glimpse)) return []
      const { sighting, event } = counting.begin(glimpse, knownAtMs)
      return [event, end(sighting, knownAtMs)]
    },
    advance: (camera, nowMs) =>
      entries
        .open()
        .filter((one) => one.camera === camera && Math.abs(nowMs - one.untilMs) > gapMs)
        .map((one) => end(one, nowMs)),
    end: (isOver, knownAtMs) =>
      entries
        .open()
        .filter((one) => isOver(published(one)))
        .map((one) => end(one, knownAtMs)),
    move(tracks, correction, atMs) {
      const moving = new Set(tracks)
      const resolved = { ...correction, before: resolve(correction.before) }
      const hasOne = (one: SavedSighting): boolean => one.tracks.some(({ track }) => moving.has(track))
      return entries
        .withArchived(archive.ofTracks(tracks), hasOne)
        .filter((one) => personOf(one) === resolved.before)
        .flatMap((whole) => divide(whole, moving, resolved, atMs))
    },
    rename(ids, correction, atMs) {
      const renamed = new Set(ids)
      const found = entries.withArchived(archive.ofPeople(ids), ({ person }) => renamed.has(person))
      return found.map((one) => correct(one, correction, atMs))
    },
    remove: (ids) => entries.remove(ids),
    open: () => entries.open().map(published),
    tracksOf: (name) => named(name)?.tracks ?? [],
    named,
    takeChanged: () => entries.takeChanged(),
  }
}

/** Adds frames to sightings. */
const countingIn = (
  entries: SightingEntries,
  published: (sighting: SavedSighting) => Sighting,
  parts: Pick<SightingsParts, 'events' | 'gapMs' | 'resolve'>,
) => ({
  /** Null when no open sighting fits. */
  extend: (glimpse: Glimpse): SavedSighting | null => {
    const open = sightingFor(glimpse, entries, parts)
    if (!open) return null
    const { sighting, part } = withFrames(open, glimpse.part)
    entries.change(sighting, [part])
    return sighting
  },
  begin: ({ person, camera, part }: Glimpse, knownAtMs: number) => {
    const first = sightingFrom(part, person, camera)
    const event = parts.events.sightingStarted(published(first), knownAtMs)
    const sighting = { ...first, number: parts.events.sequence() }
    entries.change(sighting, [part])
    return { sighting, event }
  },
})

/** The open sighting that a glimpse belongs to: that of its track, else one of its ID that is near in time. */
const sightingFor = (
  { person, camera, part }: Glimpse,
  entries: Pick<SightingEntries, 'open' | 'openOf'>,
  { gapMs, resolve }: Pick<SightingsParts, 'gapMs' | 'resolve'>,
): SavedSighting | null => {
  const own = entries.openOf(part.track)
  if (own && resolve(own.person) === resolve(person)) return own
  // Compares IDs, not people: an unmerge then takes whole sightings.
  const isNear = (one: SavedSighting): boolean =>
    one.camera === camera &&
    one.person === person &&
    part.fromMs - one.untilMs <= gapMs &&
    one.fromMs - part.untilMs <= gapMs
  return entries.open().findLast(isNear) ?? null
}
