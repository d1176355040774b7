import { RollcallError } from '../../errors.ts'
import type { TrackId } from '../../types.ts'
import type { Chosen } from '../clustering/splitting.ts'
import type { TrackAssignments } from '../clustering/track-assignments.ts'
import type { IdentityOptions } from '../options.ts'
import type { People } from '../people/people.ts'
import type { PersonRecord } from '../people/person-record.ts'
import type { SettledTracks } from '../state/settled-tracks.ts'
import type { Tracklets } from '../tracklets/tracklets.ts'

/** Where the chosen tracks are looked for: in memory, then among those that have settled. */
export interface ChosenTracksParts {
  readonly people: People
  readonly tracklets: Pick<Tracklets, 'of' | 'all'>
  readonly settled: Pick<SettledTracks, 'ofTrack'>
  readonly assignments: Pick<TrackAssignments, 'settledOf'>
  readonly options: Pick<IdentityOptions, 'sightingDays'>
}

const conflict = (message: string, remedy: string): RollcallError =>
  new RollcallError('PERSON_CONFLICT', message, { remedy })

/** Tracks that somebody has chosen of a person. */
export interface ChosenTracks extends Chosen {
  /** False: they are all that the person is known by. */
  readonly isLeft: boolean
}

/**
 * What is to come off a person. Throws PERSON_CONFLICT for a track that is not the person's, or not kept any more.
 */
export const chosenTracks = (
  person: PersonRecord,
  tracks: readonly TrackId[],
  parts: ChosenTracksParts,
): ChosenTracks => {
  const names = new Set(tracks)
  const settled = parts.assignments.settledOf(person)
  const chosen = {
    tracklets: new Set(parts.tracklets.of(person).filter(({ track }) => names.has(track))),
    settled: settled.filter(({ track }) => names.has(track)),
  }
  const found = new Set([...chosen.tracklets, ...chosen.settled].map(({ track }) => track))
  for (const track of tracks) if (!found.has(track)) throw notOf(person, track, parts)
  const stay = settled.filter(({ track }) => !names.has(track))
  const isLeft =
    chosen.tracklets.size < person.contributions.size || parts.people.remainder(person, chosen.settled, stay).length > 0
  return { ...chosen, isLeft }
}

/** The same, but throws PERSON_CONFLICT when nothing would be left of the person. */
export const someTracks = (person: PersonRecord, tracks: readonly TrackId[], parts: ChosenTracksParts): Chosen => {
  const chosen = chosenTracks(person, tracks, parts)
  if (chosen.isLeft) return chosen
  throw conflict(
    `of ${person.id} nothing would be left`,
    'Leave out a track that is the person’s; rollcall people unmerge gives an old ID back.',
  )
}

const notOf = (person: PersonRecord, track: TrackId, { people, tracklets, settled, options }: ChosenTracksParts) => {
  const live = [...tracklets.all()].find((one) => one.track === track && one.person)?.person?.id
  const [over] = settled.ofTrack(track)
  const whose = live ?? (over && people.find(over.person)?.id)
  if (whose !== undefined)
    return conflict(
      `track ${JSON.stringify(track)} is not one of ${person.id}, it is one of ${whose}`,
      `Divide ${whose} (rollcall people split), or leave the track out.`,
    )
  const kept = options.sightingDays === null ? 'the last ones' : `those of the last ${options.sightingDays} days`
  return conflict(
    `track ${JSON.stringify(track)} is not one of ${person.id}, or what it showed is not kept any more`,
    `Choose other tracks (${kept} are kept: identity.sightingDays), or divide without a choice.`,
  )
}
