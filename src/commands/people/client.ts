import type { z } from 'zod'
import type { RollcallEvent } from '../../events/types.ts'
import type { PersonDetails } from '../../identity/gallery/gallery.ts'
import type { RuleSet } from '../../rules/options.ts'
import type { answerBody } from '../../server/acts-routes.ts'
import type { objectionBody } from '../../server/objections-routes.ts'
import type {
  CalibrationAnswer,
  ListedAction,
  ListedObjection,
  Objected,
  PhotoSearch,
  Review,
  SideBySide,
  WhatIfAnswer,
} from '../../server/people-answers.ts'
import type { enrollBody, PeopleFile, splitBody } from '../../server/people-bodies.ts'
import type { SightingsPage, SightingsRequest } from '../../server/sightings-routes.ts'
import type { WhatIfQuestion } from '../../server/what-if-route.ts'
import type { MediaMs, ObjectorId, Person, PersonId, SightingId } from '../../types.ts'

/** Everything that is known of a person, except the embeddings. */
export interface ShownPerson extends PersonDetails {
  /** Oldest first; only the last events of a long history. */
  readonly history: readonly RollcallEvent[]
}

/** Name, model and embeddings. Biometric data. */
export type Enrolment = z.infer<typeof enrollBody>

type Events = readonly RollcallEvent[]

/**
 * What `rollcall people` reads and changes: a running Rollcall, or a state directory that no Rollcall has open. Every ID may be an
 * alias. A change is on disk when its promise resolves. Calls reject with PERSON_UNKNOWN, PERSON_CONFLICT or STATE.
 */
export interface PeopleClient {
  list(): Promise<readonly Person[]>
  /** How alike different people are at the site, and what was learned from it. */
  calibration(): Promise<CalibrationAnswer>
  show(id: PersonId): Promise<ShownPerson>
  /** One page of the sightings that match. */
  sightings(request: SightingsRequest): Promise<SightingsPage>
  /** Who is in a photo, and in which tracks since `fromMs` its faces are. `photo` is the file's content. */
  search(file: string, photo: Uint8Array, fromMs: MediaMs | null): Promise<PhotoSearch>
  /** Null removes the name. */
  name(id: PersonId, name: string | null): Promise<Events>
  /** `force` merges two who are unlike, or known to be two people. */
  merge(a: PersonId, b: PersonId, force: boolean): Promise<Events>
  /** Undoes a wrong merge: `oldId` is a separate person again. */
  unmerge(oldId: PersonId): Promise<Events>
  /** Takes off the chosen tracks and sightings; without any, the smaller of the two most different parts. */
  split(id: PersonId, chosen: z.infer<typeof splitBody>): Promise<Events>
  separate(a: PersonId, b: PersonId): Promise<Events>
  remove(id: PersonId): Promise<Events>
  enroll(enrolment: Enrolment): Promise<{ readonly person: ShownPerson; readonly events: Events }>
  /** Deletes somebody and never recognises them again. */
  object(asked: z.infer<typeof objectionBody>): Promise<Objected>
  objections(): Promise<readonly ListedObjection[]>
  revoke(id: ObjectorId, code: string): Promise<void>
  /** Rejects with USAGE for a running Rollcall. */
  revokeWithoutCode(id: ObjectorId, reason: string): Promise<void>
  export(): Promise<PeopleFile>
  import(file: PeopleFile): Promise<Events>
  /** Two people side by side, and what a merge would do. */
  compare(a: PersonId, b: PersonId): Promise<SideBySide>
  /** Gives a sighting to somebody else; null makes a new person of it. */
  move(sighting: SightingId, to: PersonId | null): Promise<Events>
  /** What was done last, the newest first. */
  actions(): Promise<readonly ListedAction[]>
  /** Takes an action back. */
  undo(action: number): Promise<Events>
  /** What there is to ask people, what settles most first. */
  review(): Promise<Review>
  answer(question: string, answer: z.infer<typeof answerBody>): Promise<Events>
  /** The rules that were given over HTTP. */
  givenRules(): Promise<RuleSet>
  /** Whose ID would change with other settings; with `apply` it is done, too. Rejects with STATE while another such question is answered. */
  whatIf(question: WhatIfQuestion): Promise<WhatIfAnswer>
  close(): Promise<void>
}
