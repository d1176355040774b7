import { cleanName } from '../../text.ts'
import { chosenTracks, someTracks } from './chosen-tracks.ts'
import { enrolling } from './enrolling.ts'
import type { Gallery } from './gallery.ts'
import { conflict, type GalleryParts, needPerson, needTwo, refuseObjector, rename } from './gallery-parts.ts'
import { showPeople } from './shown-people.ts'
import { createTransfer } from './transfer.ts'
import { namesDiffer, needAlike } from './unlike.ts'

/** Implements `Gallery`, whose comments name the errors. */
export const createGallery = (parts: GalleryParts): Gallery => ({
  ...showPeople(parts),
  ...changePeople(parts),
  ...changeTracks(parts),
  enroll: enrolling(parts),
  ...createTransfer({
    ...parts,
    refuseObjector: (look, what) => refuseObjector(parts, look, what),
    rename: (person, name, atMs) => rename(parts, person, name, atMs),
  }),
})

/** The part of `Gallery` that changes whole people. */
const changePeople = (
  parts: GalleryParts,
): Pick<Gallery, 'name' | 'merge' | 'unmerge' | 'separate' | 'tellApart' | 'remove'> => {
  const { people, coOccurrence, assignments, events, deletePerson } = parts
  const { tell, log } = parts.teller
  const tellApart: Gallery['tellApart'] = (id, other, apart, atMs) =>
    log([events.apart(needPerson(people, id), other, apart, atMs)])
  return {
    name: (id, name, atMs) => rename(parts, needPerson(people, id), cleanName(name), atMs),
    merge(a, b, atMs, { force = false } = {}) {
      const [first, second] = needTwo(people, a, b)
      if (namesDiffer(first, second))
        throw conflict(
          `${a} is named ${JSON.stringify(first.name)}, ${b} ${JSON.stringify(second.name)}`,
          'Take the name away from one of them first.',
        )
      if (!force) needAlike(parts, first, second)
      assignments.merge(first, second, null)
      return tell(atMs)
    },
    unmerge(id, atMs) {
      const person = needPerson(people, id)
      if (person.id === id)
        throw conflict(`${id} is no old ID of anybody`, 'Name an ID that was merged; rollcall people show lists them.')
      if (!assignments.unmerge(id))
        throw conflict(
          `${id} was merged into ${person.id} so long ago that what came in under it can no longer be told`,
          `Divide ${person.id} instead (rollcall people split).`,
        )
      return tell(atMs)
    },
    separate(a, b, atMs) {
      const [first, second] = needTwo(people, a, b)
      const isKnown = coOccurrence.frames(first.id, second.id) === Infinity
      coOccurrence.add(first.id, second.id, Infinity)
      return isKnown ? [] : tellApart(first.id, second.id, true, atMs)
    },
    tellApart,
    remove: (id, atMs) => deletePerson(needPerson(people, id), 'user', atMs),
  }
}

/** The part of `Gallery` that gives tracks to somebody else. */
const changeTracks = (parts: GalleryParts): Pick<Gallery, 'split' | 'move' | 'isAllOf'> => {
  const { people, assignments } = parts
  const { tell } = parts.teller
  return {
    split(id, atMs, { tracks = [] } = {}) {
      const person = needPerson(people, id)
      if (tracks.length > 0) assignments.takeOff(person, someTracks(person, tracks, parts), atMs)
      else if (!assignments.split(person, atMs, null))
        throw conflict(`${id} is known from one look only`, 'There is nothing to divide; delete it, or wait for more.')
      return tell(atMs)
    },
    move(id, to, tracks, atMs) {
      const [person, other] = needTwo(people, id, to)
      assignments.moveTo(person, someTracks(person, tracks, parts), other)
      return tell(atMs)
    },
    isAllOf: (id, tracks) => !chosenTracks(needPerson(people, id), tracks, parts).isLeft,
  }
}
