import type { Sighting } from '../../../src/events/types.ts'
import type { PersonId } from '../../../src/types.ts'
import type { PageContext } from '../shell/page.ts'

/*
 * The dialogs that change people. Each resolves to true when something was changed, and to false after Cancel or Esc. They say
 * what has changed in a toast with "Undo", and what went wrong in the dialog. They need the scope `operate`.
 */

const notYet = async ({ say }: PageContext): Promise<boolean> => {
  say('This is not ready yet.', { bad: true })
  return false
}

/** Asks for a name, suggests those that are known, and offers to merge where the name is somebody's. */
export const openName = (context: PageContext, _person: PersonId): Promise<boolean> => notYet(context)

/** Shows two people side by side, how alike they are and what a merge changes. Without `b` it asks for the other first. */
export const openMerge = (context: PageContext, _a: PersonId, _b?: PersonId): Promise<boolean> => notYet(context)

/** Says what a deletion means and that it cannot be undone, and asks for the name or ID to be typed. */
export const openDelete = (context: PageContext, _person: PersonId): Promise<boolean> => notYet(context)

/** Gives a sighting to somebody else, or makes a new person of it. */
export const openMove = (context: PageContext, _sighting: Sighting): Promise<boolean> => notYet(context)

/** "Not this person": takes a sighting off its person, who keeps the rest; it becomes a new person. */
export const openNotThisPerson = (context: PageContext, _sighting: Sighting): Promise<boolean> => notYet(context)

/** Divides a person along its two most different parts. */
export const openSplit = (context: PageContext, _person: PersonId): Promise<boolean> => notYet(context)

/** Records that two are certainly not one person. */
export const openSeparate = (context: PageContext, _a: PersonId, _b: PersonId): Promise<boolean> => notYet(context)

/** Gives an old ID back: undoes the merge that made it an alias. */
export const openUnmerge = (context: PageContext, _oldId: PersonId): Promise<boolean> => notYet(context)
