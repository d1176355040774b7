import type { CameraId, MediaMs } from '../../types.ts'
import type { IdentityOptions } from '../options.ts'
import type { People } from '../people/people.ts'
import type { PersonRecord } from '../people/person-record.ts'
import { scoreOfOdds } from '../risk.ts'

/** Whoever is known from more tracks has come again: a second ID for somebody seldom gets so many. */
const seldomTracks = 2

/** The least share that is believed: somebody new was never here, whatever all others did. */
const leastShare = 0.03

/** Somebody who was just seen has had no time to come again. */
const graceMs = 3_600_000

/** Each of the seldom is looked at once in 120 slots of five seconds, so that no look takes long. */
const [slots, slotMs] = [120, 5000] as const

/** Of more people, a look that comes late, as the first one after a night, makes up for so many: the others' turn comes again. */
const mostAtOnce = 1000

/** A look at those who have hardly come again, in the time of one camera. */
export interface SeldomLook {
  readonly camera: CameraId
  /** Of the look before; −Infinity when there was none. */
  readonly sinceMs: MediaMs
  readonly nowMs: MediaMs
}

/** Known from so few tracks that it may be somebody else's second ID. */
export const isSeldom = ({ tracks }: PersonRecord): boolean => tracks > 0 && tracks <= seldomTracks

/**
 * Those without a name whom the camera saw last, an hour ago or longer, and who are known from so few tracks that they may be
 * somebody else's second ID: the part of them whose turn it is.
 */
export const seldomOf = (people: Pick<People, 'all'>, { camera, sinceMs, nowMs }: SeldomLook): PersonRecord[] => {
  const all = people.all()
  const mostSlots = Math.max(1, Math.floor((mostAtOnce * slots) / all.length))
  const last = Math.floor(nowMs / slotMs)
  const first = Math.max(Math.floor(sinceMs / slotMs) + 1, last - mostSlots + 1)
  const isDue = ({ order }: PersonRecord): boolean =>
    last - first + 1 >= slots || (((order - first) % slots) + slots) % slots <= last - first
  return all.filter(
    (one) =>
      isSeldom(one) &&
      one.name === null &&
      one.contributions.size === 0 &&
      one.lastCamera === camera &&
      nowMs - one.lastSeenAtMs >= graceMs &&
      isDue(one),
  )
}

/**
 * The share, 0.03–1, of those who are known for as long as this person and longer and who have hardly come again. Where it is
 * small, somebody who has not is one of few, or somebody else's second ID. One more of either kind is assumed, so few people
 * show little.
 */
const seldomShare = (people: Pick<People, 'all'>, { order }: PersonRecord): number => {
  const known = people.all().filter((one) => one.order <= order && one.tracks > 0)
  return Math.max(leastShare, (known.filter(isSeldom).length + 1) / (known.length + 2))
}

/**
 * The least score with which such a person is whom it is clearly most like: between `create` and `join` where half of all
 * people have hardly come again, less by the odds where nearly everybody has, more where few have.
 */
export const seldomThreshold = (
  people: Pick<People, 'all'>,
  person: PersonRecord,
  { join, create }: Pick<IdentityOptions, 'join' | 'create'>,
): number => (join + create) / 2 + scoreOfOdds(seldomShare(people, person))
