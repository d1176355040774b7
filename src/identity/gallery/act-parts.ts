import type { RollcallEvent } from '../../events/types.ts'
import type { PersonId } from '../../types.ts'
import type { TrackAssignments } from '../clustering/track-assignments.ts'
import type { Teller } from '../events/tell.ts'
import type { CoOccurrence } from '../people/co-occurrence.ts'
import type { People } from '../people/people.ts'
import type { PersonRecord } from '../people/person-record.ts'
import type { Undo } from '../state/journal.ts'
import type { Gallery } from './gallery.ts'

/** What acts read and change; all are shared with the rest of the engine. */
export interface ActsParts {
  readonly gallery: Gallery
  readonly people: People
  readonly coOccurrence: CoOccurrence
  readonly assignments: TrackAssignments
  readonly teller: Teller
}

/** How an act is taken back, but for what keeps people apart: that is compared for all acts alike. */
type Reverse = Undo extends infer Kind ? (Kind extends Undo ? Omit<Kind, 'apart'> : never) : never

/** What came of one kind of act. */
export interface Outcome {
  readonly events: RollcallEvent[]
  /** Whom it was about, by the IDs that they have now. */
  readonly people: readonly PersonId[]
  /** Of `name`: the name until now. */
  readonly before: string | null
  /** Null when nothing has changed. */
  readonly undo: Reverse | null
}

/** The person of an ID or alias. Throws PERSON_UNKNOWN. */
export const personOf = ({ gallery, people }: Pick<ActsParts, 'gallery' | 'people'>, id: PersonId): PersonRecord => {
  gallery.idsOf(id)
  return people.find(id) as PersonRecord
}
