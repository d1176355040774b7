import type { RollcallEvent } from '../../events/types.ts'
import { cleanName } from '../../text.ts'
import type { Events } from '../events/events.ts'
import type { Teller } from '../events/tell.ts'
import type { CoOccurrence } from '../people/co-occurrence.ts'
import type { Known } from '../people/evidence.ts'
import { knownBy } from '../people/exemplars.ts'
import { mostOrigins, type Origin } from '../people/origins.ts'
import type { People } from '../people/people.ts'
import type { PersonRecord } from '../people/person-record.ts'
import { checkImport } from './check-import.ts'
import { type ExportedPerson, exportPerson, lookIn } from './exported-person.ts'

/** What import and export use. `rename` returns the event, or none when the name stays. */
export interface TransferParts {
  readonly people: People
  readonly coOccurrence: CoOccurrence
  readonly events: Events
  readonly teller: Teller
  /** Throws PERSON_CONFLICT for the look of somebody who is never to be recognised. */
  readonly refuseObjector: (look: Known | null, what: string) => void
  readonly rename: (person: PersonRecord, name: string | null, atMs: number) => RollcallEvent[]
}

/** Exports and imports people, so that another site recognises them. */
export const createTransfer = ({ people, coOccurrence, events, teller, refuseObjector, rename }: TransferParts) => {
  const add = (one: ExportedPerson, atMs: number): RollcallEvent[] => {
    const { id, name, aliases, apart: _, ...own } = one
    // The older of two survives a merge, unless the other has a name.
    const order = people.created()
    const origins = aliases.flatMap(({ id: former, into, origin }, i): Origin[] => {
      if (!origin) return []
      const { exemplars, rest, ...times } = origin
      const whole = { ...times, name: cleanName(times.name), exemplars: exemplars.map(lookIn), unseenSinceMs: null }
      const others = { ...rest, exemplars: rest.exemplars.map(lookIn), unseenSinceMs: null }
      return [{ ...whole, id: former, into, order: order + aliases.length - i, by: 'user', rest: others }]
    })
    const exemplars = own.exemplars.map(lookIn)
    const person = people.restore({
      ...own,
      id,
      order,
      name: null,
      unseenSinceMs: null,
      exemplars,
      sources: exemplars.length,
      origins: origins.slice(-mostOrigins),
    })
    const published: RollcallEvent[] = [events.created(person, null, atMs)]
    for (const { id: former, into, origin } of aliases) {
      people.alias(former, into)
      published.push(events.merged({ id: former, name: cleanName(origin?.name ?? null) }, into, 'user', null, atMs))
    }
    if (person.archived) published.push(events.archived(person, person.lastSeenAtMs, atMs))
    return [...teller.log(published), ...rename(person, cleanName(name), atMs)]
  }

  return {
    exportPeople: (): ExportedPerson[] => people.all().map((person) => exportPerson(person, people, coOccurrence)),
    /** Imports all or nobody: throws PERSON_CONFLICT before anything has changed. */
    importPeople(imported: readonly ExportedPerson[], atMs: number): RollcallEvent[] {
      checkImport(imported, people)
      for (const { id, exemplars } of imported) refuseObjector(knownBy(exemplars.map(lookIn)), id)
      const fresh = imported.filter(({ id }) => !people.find(id))
      const published = imported.flatMap((one) => {
        const person = people.find(one.id)
        if (!person) return add(one, atMs)
        // Whose ID it has by a merge is somebody else's part: that name must not replace the person's own.
        const isOwn = person.id === one.id || person.name === null
        return one.name === null || !isOwn ? [] : rename(person, cleanName(one.name), atMs)
      })
      // Both of a pair may tell of it.
      for (const { id, apart } of fresh.flatMap((one) => [one, ...one.aliases]))
        for (const { person, frames } of apart)
          if (people.find(person) && !coOccurrence.of(id).has(person)) coOccurrence.add(id, person, frames ?? Infinity)
      return published
    },
  }
}
