import { cleanName } from '../../text.ts'
import type { CameraId, PersonId, TrackId } from '../../types.ts'
import type { SavedPerson } from '../state/state.ts'
import type { Compare } from './evidence.ts'
import { createMerging, type Merging } from './merging.ts'
import { createPeopleIndex, type PeopleIndex } from './people-index.ts'
import { createPeopleList, type PeopleList } from './people-list.ts'
import { personIdFor } from './person-id.ts'
import { createPersonIds, type PersonIds } from './person-ids.ts'
import { createPersonLooks, type PersonLooks } from './person-looks.ts'
import type { PersonRecord } from './person-record.ts'

/** Everybody, in memory. */
export interface People
  extends PersonLooks,
    Merging,
    Pick<PeopleIndex, 'nearest' | 'nearestTo' | 'compare'>,
    Pick<PeopleList, 'all' | 'count' | 'touch' | 'takeChanged'>,
    Pick<
      PersonIds,
      'resolve' | 'alias' | 'intoOf' | 'isAlias' | 'aliasesOf' | 'allAliases' | 'leadsThrough' | 'retire' | 'isRetired'
    > {
  /** A new person, whose ID depends on the track alone. */
  create(track: TrackId, camera: CameraId, atMs: number): PersonRecord
  /** Takes back a person of an earlier run, or of another place. */
  restore(saved: Omit<SavedPerson, 'order'> & { readonly order?: number }): PersonRecord
  /** The person an ID stands for today; null when it never existed. */
  find(id: PersonId): PersonRecord | null
  /** How many have been created so far, those that are gone included. */
  created(): number
}

/** Starts with nobody; `createdBefore` is `created()` of an earlier run, `left` as in `createPeopleIndex`. */
export const createPeople = (
  compareKnown: Compare,
  exemplarShare = 0,
  createdBefore = 0,
  left?: (vector: Float32Array) => Float32Array,
): People => {
  const index = createPeopleIndex(compareKnown, exemplarShare, left)
  const list = createPeopleList(index)
  const ids = createPersonIds()
  let created = createdBefore
  const isTaken = (id: PersonId): boolean => list.get(id) !== undefined || ids.isAlias(id) || ids.isRetired(id)

  return {
    ...index,
    ...list,
    ...ids,
    ...createPersonLooks(list, ids),
    ...createMerging(list, ids),
    create(track, camera, atMs) {
      const person: PersonRecord = {
        id: personIdFor(track, isTaken),
        order: created++,
        createdAtMs: atMs,
        name: null,
        archived: false,
        lastSeenAtMs: atMs,
        unseenSinceMs: null,
        lastCamera: camera,
        tracks: 0,
        faces: 0,
        exemplars: [],
        sources: 0,
        contributions: new Map(),
        origins: [],
        known: null,
      }
      list.add(person)
      list.refresh(person)
      return person
    },
    restore({ order = created, ...saved }) {
      created = Math.max(created, order + 1, ...saved.origins.map((origin) => origin.order + 1))
      // Earlier versions kept names as they were given, and times with fractions.
      const person: PersonRecord = {
        ...saved,
        order,
        name: cleanName(saved.name),
        createdAtMs: Math.round(saved.createdAtMs),
        lastSeenAtMs: Math.round(saved.lastSeenAtMs),
        contributions: new Map(),
        known: null,
      }
      list.add(person)
      list.refresh(person)
      return person
    },
    find: (id) => list.get(ids.resolve(id)) ?? null,
    created: () => created,
  }
}
