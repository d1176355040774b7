import { RollcallError } from '../errors.ts'
import type { Act } from '../identity/gallery/acts.ts'
import type { WhatIfApplied, WhatIfChange } from '../server/people-answers.ts'
import type { Acting, ChangingPeople } from './acting.ts'

/** What a change comes to: two people become one, or tracks go to somebody else, or to a new person. */
const actFor =
  ({ from, to, isAll, tracks }: WhatIfChange) =>
  (people: ChangingPeople): Act => {
    if (from.id === null)
      throw new RollcallError('PERSON_CONFLICT', 'nobody has these tracks, so they cannot be given to anybody')
    if (to.id === null) return { kind: 'split', person: from.id, tracks }
    if (!isAll) return { kind: 'move', from: from.id, to: to.id, tracks }
    // That they are less alike than settings ask today is what was asked about; what somebody said or a picture showed is not.
    const { together } = people.compare(from.id, to.id)
    return { kind: 'merge', a: from.id, b: to.id, force: together === 0 }
  }

/**
 * Does the changes of a what-if as what a person does with people, all in one transaction and as one action. One that
 * contradicts what is known is left out, with the reason.
 */
export const applyChanges = (
  acting: Pick<Acting, 'all'>,
  changes: readonly WhatIfChange[],
  by: string,
): WhatIfApplied => {
  const { action, refused } = acting.all('what-if', by, changes.map(actFor))
  return { action, refused }
}
