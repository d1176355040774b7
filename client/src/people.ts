import type { RollcallEvent } from './events.ts'
import type { Snapshot } from './protocol.ts'

/** What of an event tells who is who; from Kafka, `id`, `source` and `type` are headers, and `data` is the value. */
export interface PeopleEvent {
  readonly id: string
  readonly source: string
  /** Also a type of a later Rollcall. */
  readonly type: string
  readonly data: unknown
}

/** A person as events have told so far. */
export interface KnownPerson {
  readonly id: string
  /** The name somebody gave; null for the unknown. */
  readonly name: string | null
  readonly archived: boolean
  /** Where and when last seen: Unix milliseconds. */
  readonly seen: { readonly camera: string; readonly atMs: number } | null
}

/** Who is who, over merges, undone merges and deletions. */
export interface People {
  /** Whom an ID stands for now; itself when it is nobody's alias. */
  resolve(id: string): string
  /** The person that `id` stands for now. */
  get(id: string): KnownPerson | undefined
  all(): KnownPerson[]
  /** Takes an event in. False when there was nothing new in it: a repeat, older than what is known, or not about people. */
  apply(event: PeopleEvent): boolean
  /** Replaces everything by a snapshot. */
  reset(snapshot: Snapshot): void
}

/** How many IDs of events are remembered, to drop repeats: more than can be under way. */
const mostIds = 100_000

interface Known {
  readonly people: Map<string, KnownPerson>
  /** IDs of merged people, and whom they were merged into then. */
  readonly aliases: Map<string, string>
  /** By person, the `sequence` of the last event that was taken in. */
  readonly sequences: Map<string, number>
  /** Only their IDs, which mean nothing any more: events about them may still be under way. Null where that cannot be. */
  readonly deleted: Set<string> | null
}

/** An alias may lead to another one. */
const resolveIn = (aliases: Known['aliases'], id: string): string => {
  const into = aliases.get(id)
  return into === undefined ? id : resolveIn(aliases, into)
}

const update = ({ people }: Known, id: string, change: Partial<KnownPerson>): void => {
  const before = people.get(id) ?? { id, name: null, archived: false, seen: null }
  people.set(id, { ...before, ...change })
}

const sawAt = (known: Known, of: string, camera: string, atMs: number): void => {
  const id = resolveIn(known.aliases, of)
  if (known.deleted?.has(id)) return
  const seen = known.people.get(id)?.seen ?? null
  if (seen === null || seen.atMs <= atMs) update(known, id, { seen: { camera, atMs } })
}

/** The person is deleted, under all IDs. */
const forget = ({ people, aliases, sequences, deleted }: Known, id: string): void => {
  people.delete(id)
  deleted?.add(id)
  if (deleted !== null) return
  const gone = [...aliases.keys()].filter((alias) => resolveIn(aliases, alias) === id)
  for (const each of gone) aliases.delete(each)
  for (const each of [id, ...gone]) sequences.delete(each)
}

type PersonEvent = Extract<RollcallEvent, { readonly type: `rollcall.person.${string}` }>
type SightingEvent = Extract<RollcallEvent, { readonly type: `rollcall.sighting.${string}` }>

const takePerson = (known: Known, { type, data }: PersonEvent): boolean => {
  const { people, aliases, sequences } = known
  if (data.sequence <= (sequences.get(data.person) ?? 0)) return false
  sequences.set(data.person, data.sequence)
  switch (type) {
    case 'rollcall.person.archived.v1':
      update(known, data.person, { name: data.name, archived: true })
      return true
    case 'rollcall.person.restored.v1':
      update(known, data.person, { name: data.name, archived: false })
      return true
    case 'rollcall.person.merged.v1': {
      // Partitions have no common order: an alias that this merge contradicts is one whose end is still under way.
      if ((sequences.get(data.into) ?? 0) < data.sequence) aliases.delete(data.into)
      else if (resolveIn(aliases, data.into) === data.person) return true
      const seen = people.get(data.person)?.seen
      people.delete(data.person)
      aliases.set(data.person, data.into)
      if (seen) sawAt(known, data.person, seen.camera, seen.atMs)
      return true
    }
    case 'rollcall.person.unmerged.v1':
      // Both were seen as one: when the one that is back was seen is in its sightings, of which this keeps none.
      aliases.delete(data.person)
      update(known, data.person, { name: data.name })
      return true
    case 'rollcall.person.deleted.v1':
      // Sightings of those who were merged into it are in it already; a real consumer deletes its rows of all these IDs.
      forget(known, data.person)
      return true
    case 'rollcall.person.created.v1':
    case 'rollcall.person.named.v1':
    case 'rollcall.person.split.v1':
    // The last one of a person that a compacted topic has, so it may be the only one.
    case 'rollcall.person.apart.v1':
      update(known, data.person, { name: data.name })
      return true
    default:
      // Of a later Rollcall.
      return false
  }
}

/** A corrected one was this person all the time: whoever keeps attendance moves it (docs/events.md). */
const takeSighting = (known: Known, { type, data }: SightingEvent): boolean => {
  sawAt(known, data.person, data.camera, type === 'rollcall.sighting.started.v1' ? data.fromMs : data.untilMs)
  return true
}

/** Remembers the newest IDs of events, so many at most. */
const createRepeats = (most: number) => {
  const seenIds = new Set<string>()
  return ({ source, id }: PeopleEvent): boolean => {
    const name = `${source} ${id}`
    if (seenIds.has(name)) return true
    seenIds.add(name)
    for (const oldest of seenIds) if (seenIds.size > most) seenIds.delete(oldest)
    return false
  }
}

const isOfPerson = (event: PeopleEvent): event is PeopleEvent & PersonEvent => event.type.startsWith('rollcall.person.')
const isOfSighting = (event: PeopleEvent): event is PeopleEvent & SightingEvent =>
  event.type.startsWith('rollcall.sighting.')

/** How events come to `createPeople`. */
export interface PeopleOptions {
  /**
   * In the order in which they happened, as over one connection: nothing comes of somebody deleted, and what comes again after a
   * lost connection is followed by what came after it. So neither IDs of events nor of deleted people are remembered. It
   * defaults to false, which is right for Kafka.
   */
  readonly inOrder?: boolean
}

/**
 * Follows people through events, whatever brings them: in whatever order partitions are read, and with repeats. Part of every
 * client, where it holds no more than the people and their aliases; made alone for consumers of Kafka.
 */
export const createPeople = ({ inOrder = false }: PeopleOptions = {}): People => {
  const known: Known = {
    people: new Map(),
    aliases: new Map(),
    sequences: new Map(),
    deleted: inOrder ? null : new Set(),
  }
  const { people, aliases } = known
  const isRepeat = createRepeats(inOrder ? 0 : mostIds)
  const resolve = (id: string): string => resolveIn(aliases, id)
  return {
    resolve,
    get: (id) => people.get(resolve(id)),
    all: () => [...people.values()],
    apply: (event) => {
      if (isOfPerson(event)) return !isRepeat(event) && takePerson(known, event)
      return isOfSighting(event) && !isRepeat(event) && takeSighting(known, event)
    },
    reset: (snapshot) => {
      people.clear()
      aliases.clear()
      // What comes from now on is newer.
      if (inOrder) known.sequences.clear()
      for (const [id, into] of Object.entries(snapshot.aliases)) aliases.set(id, into)
      for (const { id, name, archived, lastCamera, lastSeenAtMs } of snapshot.people) {
        known.deleted?.delete(id)
        const seen = lastCamera === '' ? null : { camera: lastCamera, atMs: lastSeenAtMs }
        people.set(id, { id, name, archived, seen })
      }
    },
  }
}
