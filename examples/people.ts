/**
 * Who is who, from events: the part of a consumer that has nothing to do with where they come from. Written from
 * docs/events.md alone, without Rollcall's source.
 */

export interface Event {
  readonly id: string
  readonly source: string
  readonly type: string
  // biome-ignore lint/suspicious/noExplicitAny: schemas/ says what is in it, by type.
  readonly data: any
}

export interface Person {
  readonly id: string
  readonly name: string | null
  readonly archived: boolean
  /** Where and when last seen: Unix milliseconds. */
  readonly seen: { readonly camera: string; readonly atMs: number } | null
}

/** How many IDs of events are remembered, to drop repeats: more than can be under way. */
const mostIds = 100_000

export const createPeople = () => {
  const people = new Map<string, Person>()
  /** IDs of merged people, and whom they were merged into then. */
  const aliases = new Map<string, string>()
  /** By person, the `sequence` of the last event that was taken in. */
  const sequences = new Map<string, number>()
  /** Only their IDs, which mean nothing any more: events about them may still be under way. */
  const deleted = new Set<string>()
  const seenIds = new Set<string>()

  /** An alias may lead to another one. */
  const resolve = (id: string): string => {
    const into = aliases.get(id)
    return into === undefined ? id : resolve(into)
  }
  const update = (id: string, change: Partial<Person>): void => {
    const before = people.get(id) ?? { id, name: null, archived: false, seen: null }
    people.set(id, { ...before, ...change })
  }
  const sawAt = (id: string, camera: string, atMs: number): void => {
    if (deleted.has(id)) return
    const { seen } = people.get(id) ?? { seen: null }
    if (seen === null || seen.atMs <= atMs) update(id, { seen: { camera, atMs } })
  }
  const forget = (id: string): void => {
    // Sightings of those who were merged into it are in it already; a real consumer deletes its rows of all these IDs.
    deleted.add(id)
    people.delete(id)
  }
  const isRepeat = ({ source, id }: Event): boolean => {
    const name = `${source} ${id}`
    if (seenIds.has(name)) return true
    seenIds.add(name)
    for (const oldest of seenIds) if (seenIds.size > mostIds) seenIds.delete(oldest)
    return false
  }

  return {
    resolve,
    /** The person that `id` stands for now. */
    get: (id: string): Person | undefined => people.get(resolve(id)),
    all: (): Person[] => [...people.values()],

    /** False when there was nothing new in it: a repeat, or older than what is known. */
    apply(event: Event): boolean {
      if (isRepeat(event)) return false
      const { data } = event
      if (event.type.startsWith('rollcall.person.')) {
        if (data.sequence <= (sequences.get(data.person) ?? 0)) return false
        sequences.set(data.person, data.sequence)
      }
      switch (event.type) {
        case 'rollcall.person.created.v1':
        case 'rollcall.person.named.v1':
        case 'rollcall.person.split.v1':
          update(data.person, { name: data.name })
          return true
        case 'rollcall.person.archived.v1':
          update(data.person, { name: data.name, archived: true })
          return true
        case 'rollcall.person.restored.v1':
          update(data.person, { name: data.name, archived: false })
          return true
        case 'rollcall.person.merged.v1': {
          // Partitions have no common order: an alias that this merge contradicts is one whose end is still under way.
          if ((sequences.get(data.into) ?? 0) < data.sequence) aliases.delete(data.into)
          else if (resolve(data.into) === data.person) return true
          const seen = people.get(data.person)?.seen
          people.delete(data.person)
          aliases.set(data.person, data.into)
          if (seen) sawAt(resolve(data.person), seen.camera, seen.atMs)
          return true
        }
        case 'rollcall.person.unmerged.v1':
          // Both were seen as one: when the one that is back was seen is in its sightings, of which this keeps none.
          aliases.delete(data.person)
          update(data.person, { name: data.name })
          return true
        case 'rollcall.person.deleted.v1':
          forget(data.person)
          return true
        case 'rollcall.sighting.started.v1':
          sawAt(resolve(data.person), data.camera, data.fromMs)
          return true
        case 'rollcall.sighting.ended.v1':
        case 'rollcall.sighting.corrected.v1':
          // A corrected one was this person all the time: whoever keeps attendance moves it (docs/events.md).
          sawAt(resolve(data.person), data.camera, data.untilMs)
          return true
        default:
          // Other events, and those of a later Rollcall.
          return false
      }
    },
  }
}
