import type { Cause } from '../../events/types.ts'
import type { PersonId, TrackId } from '../../types.ts'
import type { GivingBack, GivingBackParts } from '../people/giving-back.ts'
import type { Unmerged } from '../people/merging.ts'
import type { PersonRecord } from '../people/person-record.ts'
import type { SettledTrack } from '../state/state.ts'
import type { Tracklet } from '../tracklets/tracklet.ts'
import type { TrackMoves } from './track-moves.ts'

/** Whose a track is, or was: enough to give it back. */
export interface HeldTrack {
  readonly track: TrackId
  /** Of its last frame: with `track` it names a settled track for ever. One that has not settled may have shown more since. */
  readonly seq: number
  readonly settled: boolean
  /** The ID that it was assigned under; it may be an alias. */
  readonly as: PersonId
}

/** Moves tracks between two people who stay two, and takes such moves, merges and splits back. */
export interface TakingBack {
  /** All tracks of the person that are kept: first those that may change, then those that have settled. */
  heldBy(person: PersonRecord): HeldTrack[]
  /** Those of the tracks that the person has now, under whatever ID. */
  thoseOf(person: PersonRecord, tracks: readonly HeldTrack[]): HeldTrack[]
  /**
   * Gives tracks of `from` to `into`, each under the ID that it names, with what they have added. False when one of them
   * is not `from`'s any more; nothing has changed then.
   */
  giveTracks(from: PersonRecord, into: PersonRecord, tracks: readonly HeldTrack[]): boolean
  /** Takes the merge of `id` back. Nothing keeps the two apart then. Null as for `Splitting.unmerge`. */
  takeMergeBack(id: PersonId): Unmerged | null
  /** Makes `id` an alias of `into` once more. When `into` is an alias itself, it has `id` again as it had before. */
  mergeAgain(id: PersonId, into: PersonId, by: Cause): void
}

/** What taking back reads and changes. */
export interface TakingBackParts extends GivingBackParts, Pick<GivingBack, 'settledOf' | 'takeBack'> {
  readonly moves: Pick<TrackMoves, 'moveSettled'>
}

/** Tracks of a person that may still change. */
const mayChange = (person: PersonRecord, { tracklets }: Pick<TakingBackParts, 'tracklets'>): Tracklet[] =>
  tracklets.changeable().filter((tracklet) => tracklet.person === person)

/** Tracks of a person, found by what was noted of them. */
interface Matched {
  readonly live: readonly { readonly tracklet: Tracklet; readonly held: HeldTrack }[]
  /** All tracks of the person that have settled. */
  readonly own: readonly SettledTrack[]
  /** Those of them that were found. */
  readonly over: readonly { readonly one: SettledTrack; readonly held: HeldTrack }[]
  readonly found: ReadonlySet<HeldTrack>
}

/** A settled track is the same only to its last frame; one that may change has shown as much since, or more. */
const isSame = (held: HeldTrack, seq: number): boolean => (held.settled ? held.seq === seq : held.seq <= seq)

/** Finds the tracks of `from` that `tracks` name. */
const match = (from: PersonRecord, tracks: readonly HeldTrack[], parts: TakingBackParts): Matched => {
  const named = Map.groupBy(tracks, ({ track }) => track)
  const heldAs = ({ track, seq }: Pick<SettledTrack, 'track' | 'seq'>): HeldTrack | undefined =>
    named.get(track)?.find((held) => isSame(held, seq))
  const live = mayChange(from, parts).flatMap((tracklet) => {
    const held = heldAs({ track: tracklet.track, seq: tracklet.lastSeq })
    return held && !held.settled ? [{ tracklet, held }] : []
  })
  const own = parts.settledOf(from)
  const over = own.flatMap((one) => {
    const held = heldAs(one)
    return held ? [{ one, held }] : []
  })
  return { live, own, over, found: new Set([...live, ...over].map(({ held }) => held)) }
}

/** Keeps no state of its own. */
export const createTakingBack = (parts: TakingBackParts): TakingBack => {
  const { people, tracklets, note, mergeInto, settledOf, takeBack, moves } = parts

  const mergeAgain = (id: PersonId, into: PersonId, by: Cause): void => {
    const [one, other] = [people.find(id), people.find(into)]
    if (!one || !other || one === other) return
    const outer = other.origins.find((origin) => origin.id === into)
    const inner = outer && takeBack(into, outer.by, null)
    mergeInto(one, inner?.back ?? other, by)
    if (inner) mergeAgain(into, outer.into, outer.by)
  }

  return {
    thoseOf: (person, tracks) => [...match(person, tracks, parts).found],
    heldBy(person) {
      const live = mayChange(person, parts).map(
        ({ track, lastSeq: seq, assignedAs }): HeldTrack => ({
          track,
          seq,
          settled: false,
          as: assignedAs ?? person.id,
        }),
      )
      const over = settledOf(person).map(({ track, seq, person: as }): HeldTrack => ({ track, seq, settled: true, as }))
      return [...live, ...over]
    },
    giveTracks(from, into, tracks) {
      const { live, own, over, found } = match(from, tracks, parts)
      if (found.size < tracks.length) return false
      const taken = new Set(over.map(({ one }) => one))
      people.takeOut(
        from,
        [...taken],
        own.filter((one) => !taken.has(one)),
      )
      for (const { one, held } of over) {
        people.teachAs(into, { assignedAs: held.as }, one.look)
        moves.moveSettled(one, from, into, held.as)
      }
      for (const { tracklet, held } of live) {
        tracklets.assign(tracklet, into, held.as)
        note({ type: 'assigned', tracklet, before: from.id })
      }
      return true
    },
    takeMergeBack(id) {
      const unmerged = takeBack(id, 'user', null)
      if (!unmerged) return null
      const { back, from } = unmerged
      for (const tracklet of tracklets.of(back)) note({ type: 'assigned', tracklet, before: from.id })
      return unmerged
    },
    mergeAgain,
  }
}
