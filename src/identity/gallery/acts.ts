import type { RollcallEvent } from '../../events/types.ts'
import type { PersonId, TrackId, WallMs } from '../../types.ts'
import type { Undo } from '../state/journal.ts'
import type { ActsParts, Outcome } from './act-parts.ts'
import { actsOnPeople } from './acts-on-people.ts'
import { actsOnTracks } from './acts-on-tracks.ts'
import { changedPairs, pairsOf } from './apart-changes.ts'
import { undoing } from './undo.ts'

/** What somebody does with people, of what can be taken back. */
export type Act =
  | { readonly kind: 'name'; readonly person: PersonId; readonly name: string | null }
  | { readonly kind: 'merge'; readonly a: PersonId; readonly b: PersonId; readonly force: boolean }
  | { readonly kind: 'unmerge'; readonly id: PersonId }
  /** Without tracks along the person's two most different parts. */
  | { readonly kind: 'split'; readonly person: PersonId; readonly tracks: readonly TrackId[] }
  | { readonly kind: 'move'; readonly from: PersonId; readonly to: PersonId; readonly tracks: readonly TrackId[] }
  | { readonly kind: 'separate'; readonly a: PersonId; readonly b: PersonId }

/** What came of an act. */
export interface Done extends Omit<Outcome, 'undo'> {
  /** How it is taken back; null when nothing has changed. */
  readonly undo: Undo | null
}

/** Acts that can be taken back. Throws what the actions of `Gallery` throw. */
export interface Acts {
  /** Does it, and says how it is taken back. A move of all that a person has is a merge. */
  act(act: Act, atMs: WallMs): Done
  /**
   * Takes an act back: people and assignments are as before it, and what has come in since is kept. IDs that it made stay
   * valid as aliases. Throws PERSON_CONFLICT, with the reason, when later changes do not allow it; nothing has changed then, but
   * for several acts that were one action: whoever takes those back tries it on a copy first.
   */
  undo(undo: Undo, atMs: WallMs): RollcallEvent[]
}

/** Does what `Gallery` does, and works out how it is taken back: it compares before and after. */
export const createActs = (parts: ActsParts): Acts => {
  const { people, coOccurrence } = parts
  const does = doing(parts)
  return {
    act(act, atMs) {
      const ids = namedBy(act).flatMap((id) => [people.resolve(id), ...people.aliasesOf(people.resolve(id))])
      const before = pairsOf(coOccurrence, ids)
      const done = does(act, atMs)
      if (done.undo === null || done.undo.kind === 'name') return { ...done, undo: done.undo as Undo | null }
      const after = pairsOf(coOccurrence, [...ids, ...done.people])
      return { ...done, undo: { ...done.undo, apart: changedPairs(before, after) } as Undo }
    },
    undo: undoing(parts),
  }
}

/** Makes the function that does an act of any kind. */
const doing = (parts: ActsParts): ((act: Act, atMs: WallMs) => Outcome) => {
  const whole = actsOnPeople(parts)
  const some = actsOnTracks(parts)
  return (act, atMs) => {
    switch (act.kind) {
      case 'name':
        return whole.name(act.person, act.name, atMs)
      case 'merge':
        return whole.merge(act.a, act.b, act.force, atMs)
      case 'unmerge':
        return whole.unmerge(act.id, atMs)
      case 'split':
        return some.split(act.person, act.tracks, atMs)
      case 'move':
        if (some.isMerge(act.from, act.to, act.tracks)) return whole.merge(act.from, act.to, true, atMs)
        return some.move(act.from, act.to, act.tracks, atMs)
      case 'separate':
        return whole.separate(act.a, act.b, atMs)
    }
  }
}

const namedBy = (act: Act): PersonId[] =>
  Object.entries(act).flatMap(([key, value]) =>
    key !== 'kind' && key !== 'name' && typeof value === 'string' ? value : [],
  )
