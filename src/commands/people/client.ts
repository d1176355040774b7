import type { z } from 'zod'
import type { PersonDetails } from '../../identity/gallery.ts'
import type { enrollBody, PeopleFile, splitBody } from '../../server/people-bodies.ts'
import type { SightingsPage, SightingsRequest } from '../../server/sightings-routes.ts'
import type { Person, PersonId, RollcallEvent } from '../../types.ts'

/** Everything known of a person but the embeddings. */
export interface ShownPerson extends PersonDetails {
  /** Oldest first; of a long history the end. */
  readonly history: readonly RollcallEvent[]
}

export type Enrolment = z.infer<typeof enrollBody>

type Events = readonly RollcallEvent[]

/**
 * Where `rollcall people` looks after people: a Rollcall that runs, or a state directory that nobody has open. Every ID
 * may be an old one. What it did is on disk when the promise resolves. Rejects with PERSON_UNKNOWN, PERSON_CONFLICT, STATE.
 */
export interface PeopleClient {
  list(): Promise<readonly Person[]>
  show(id: PersonId): Promise<ShownPerson>
  /** Who was where and when; a page at a time. */
  sightings(request: SightingsRequest): Promise<SightingsPage>
  /** Null takes the name away. */
  name(id: PersonId, name: string | null): Promise<Events>
  /** `force`: although they are unlike, or known to be two. */
  merge(a: PersonId, b: PersonId, force: boolean): Promise<Events>
  /** Takes a wrong merge back: `oldId` is somebody of its own again. */
  unmerge(oldId: PersonId): Promise<Events>
  /** Along its two most different parts; with tracks exactly those come off. */
  split(id: PersonId, chosen: z.infer<typeof splitBody>): Promise<Events>
  separate(a: PersonId, b: PersonId): Promise<Events>
  remove(id: PersonId): Promise<Events>
  enroll(enrolment: Enrolment): Promise<{ readonly person: ShownPerson; readonly events: Events }>
  export(): Promise<PeopleFile>
  import(file: PeopleFile): Promise<Events>
  close(): Promise<void>
}
