import type { RollcallEvent } from '../../events/types.ts'
import type { WallMs } from '../../types.ts'
import type { PersonRecord } from '../people/person-record.ts'
import type { GivenBack, Undo } from '../state/journal.ts'
import type { ActsParts } from './act-parts.ts'
import { late, undoNeeds } from './undo-needs.ts'

type Split = Extract<Undo, { readonly kind: 'split' }>
type Parts = Pick<ActsParts, 'people' | 'assignments' | 'teller'>

/**
 * Makes the function that takes a split back. Tracks that went from one to the other go back first. Then each ID that was
 * given back is merged again into the one that it was an alias of, the last given back first.
 */
export const unsplitting = ({ people, assignments, teller }: Parts) => {
  const { needOwn, needInto, needIdsOf } = undoNeeds(people)

  /** Each ID is where the split left it, and so is what it was an alias of. */
  const needGiven = (given: readonly GivenBack[], person: PersonRecord, other: PersonRecord): void => {
    for (const { into, merged } of given) {
      const whole = people.find(into)
      if (whole !== person && whole !== other) throw late(`${into} is somebody else since`)
      if (merged === null) continue
      const { from, into: joined } = merged
      const one = people.find(from)
      if (one !== people.find(joined) || (one !== person && one !== other))
        throw late(`${from} and ${joined} are two people since`)
      if (!one.origins.some((origin) => origin.id === from && origin.into === joined))
        throw late(`what came in as ${from} can no longer be told from the rest`)
    }
  }
  const giveTracksBack = (person: PersonRecord, other: PersonRecord, { off, tracks }: Split): void => {
    // A split by looks that gives an ID back keeps what came in under it but looks like the rest: that goes back to the ID.
    const kept = assignments.thoseOf(person, tracks)
    const taken = tracks.filter((one) => !kept.includes(one))
    const isAsLeft =
      assignments.thoseOf(other, taken).length === taken.length && kept.every(({ as }) => people.find(as) === other)
    if (!isAsLeft) throw late(`not all that was taken off is ${off}’s any more`)
    needIdsOf(person, taken)
    assignments.giveTracks(person, other, kept)
    assignments.giveTracks(other, person, taken)
  }

  return (undo: Split, atMs: WallMs): RollcallEvent[] => {
    const { person: id, off, into, by, given = [{ id: off, into, by, merged: null }] } = undo
    const [person, other] = [needOwn(id), needOwn(off)]
    needInto(other, id)
    needGiven(given, person, other)
    giveTracksBack(person, other, undo)
    const told = teller.tell(atMs)
    for (const one of given.toReversed()) {
      if (one.merged) assignments.takeMergeBack(one.merged.from)
      told.push(...teller.tell(atMs))
      assignments.mergeAgain(one.id, one.into, one.by)
      told.push(...teller.tell(atMs))
    }
    return told
  }
}
