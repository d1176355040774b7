import type { RollcallEvent } from '../../events/types.ts'
import type { WallMs } from '../../types.ts'
import type { Undo } from '../state/journal.ts'
import type { ActsParts } from './act-parts.ts'
import { late, undoNeeds } from './undo-needs.ts'
import { unsplitting } from './undo-split.ts'

type Of<Kind extends Undo['kind']> = Extract<Undo, { readonly kind: Kind }>

/**
 * Makes the function that takes acts back: see `Acts.undo`. Each kind first checks that what it is about is as the act
 * left it. What keeps people apart is set back where the act had changed it and nothing has since.
 */
export const undoing = ({ gallery, people, coOccurrence, assignments, teller }: ActsParts) => {
  const { needOwn, needInto, needIdsOf } = undoNeeds(people)
  const unsplit = unsplitting({ people, assignments, teller })

  const unname = ({ person: id, name, before }: Of<'name'>, atMs: WallMs): RollcallEvent[] => {
    const person = people.find(id)
    if (!person) throw late(`${id} was deleted`)
    if (person.name !== name)
      throw late(person.name === null ? `${id} has no name now` : `${id} is named ${JSON.stringify(person.name)} now`)
    return gallery.name(id, before, atMs)
  }
  const unmerge = ({ from, into }: Of<'merge'>, atMs: WallMs): RollcallEvent[] => {
    const whole = people.find(from)
    if (!whole) throw late(`${from} was deleted`)
    if (whole.id === from || people.find(into) !== whole) throw late(`${from} and ${into} are two people already`)
    if (!assignments.takeMergeBack(from)) throw late(`what came in as ${from} can no longer be told from the rest`)
    return teller.tell(atMs)
  }
  const mergeAgain = ({ person: id, into, by }: Of<'unmerge'>, atMs: WallMs): RollcallEvent[] => {
    const person = needOwn(id)
    needInto(person, into)
    assignments.mergeAgain(id, into, by)
    return teller.tell(atMs)
  }
  const moveBack = ({ from, to, tracks }: Of<'move'>, atMs: WallMs): RollcallEvent[] => {
    const [person, other] = [needOwn(from), needOwn(to)]
    needIdsOf(person, tracks)
    if (!assignments.giveTracks(other, person, tracks)) throw late(`not all that was moved is ${to}’s any more`)
    return teller.tell(atMs)
  }
  const unseparate = ({ a, b }: Of<'separate'>, atMs: WallMs): RollcallEvent[] => {
    const one = needOwn(a)
    needOwn(b)
    if (coOccurrence.of(a).get(b) !== Infinity) throw late(`nothing says that ${a} and ${b} are two`)
    coOccurrence.set(a, b, 0)
    // Somebody may have said the same of IDs that came in under these.
    return coOccurrence.frames(a, b) === Infinity ? [] : gallery.tellApart(one.id, b, false, atMs)
  }

  const takeBack = (undo: Undo, atMs: WallMs): RollcallEvent[] => {
    switch (undo.kind) {
      case 'name':
        return unname(undo, atMs)
      case 'merge':
        return unmerge(undo, atMs)
      case 'unmerge':
        return mergeAgain(undo, atMs)
      case 'split':
        return unsplit(undo, atMs)
      case 'move':
        return moveBack(undo, atMs)
      case 'separate':
        return unseparate(undo, atMs)
      case 'all':
        return undo.parts.toReversed().flatMap((part) => takeBackApart(part, atMs))
    }
  }
  const takeBackApart = (undo: Undo, atMs: WallMs): RollcallEvent[] => {
    const changes = 'apart' in undo ? undo.apart : []
    const asLeft = changes.filter(([a, b, , after]) => (coOccurrence.of(a).get(b) ?? 0) === (after ?? Infinity))
    const events = takeBack(undo, atMs)
    for (const [a, b, before] of asLeft) {
      if (people.find(a) && people.find(b)) coOccurrence.set(a, b, before ?? Infinity)
    }
    return events
  }
  return takeBackApart
}
