import { RollcallError } from '../errors.ts'
import { cleanName } from '../text.ts'
import type { CameraId, PersonId, RollcallEvent } from '../types.ts'
import type { CoOccurrence } from './co-occurrence.ts'
import type { Events } from './events.ts'
import { mostOrigins, type Origin, taughtOrigins } from './origins.ts'
import type { People } from './people.ts'
import type { PersonRecord } from './person-record.ts'
import type { Exemplar } from './state.ts'
import type { Teller } from './tell.ts'

export interface ExportedLook {
  /** Unit length times `weight`, or shorter. Biometric data. */
  readonly vector: readonly number[]
  readonly weight: number
}

/** Frames in which two were seen together; null: somebody said that they are two. */
export interface ExportedApart {
  readonly person: PersonId
  readonly frames: number | null
}

/** What came in under an ID before its merge: see `Origin`. */
export interface ExportedOrigin {
  readonly name: string | null
  readonly archived: boolean
  readonly createdAtMs: number
  readonly lastSeenAtMs: number
  readonly lastCamera: CameraId
  readonly tracks: number
  readonly faces: number
  readonly exemplars: readonly ExportedLook[]
  readonly rest: {
    readonly lastSeenAtMs: number
    readonly lastCamera: CameraId
    readonly exemplars: readonly ExportedLook[]
  }
}

export interface ExportedAlias {
  readonly id: PersonId
  /** The person, or another alias of it that comes later. */
  readonly into: PersonId
  /** Null when the merge can no longer be taken back. */
  readonly origin: ExportedOrigin | null
}

/** One of an export: everything that is needed to know the person elsewhere as here. Biometric data. */
export interface ExportedPerson extends Omit<ExportedOrigin, 'rest'> {
  readonly id: PersonId
  /** In the order of the merges. */
  readonly aliases: readonly ExportedAlias[]
  readonly apart: readonly ExportedApart[]
}

export interface TransferParts {
  readonly people: People
  readonly coOccurrence: CoOccurrence
  readonly events: Events
  readonly teller: Teller
  readonly rename: (person: PersonRecord, name: string | null, atMs: number) => RollcallEvent[]
}

const lookOut = ({ sum, weight }: Exemplar): ExportedLook => ({ vector: [...sum], weight })
const lookIn = ({ vector, weight }: ExportedLook): Exemplar => ({ sum: Float32Array.from(vector), weight })

const originOut = (origin: Origin): ExportedOrigin => {
  const { name, archived, createdAtMs, lastSeenAtMs, lastCamera, tracks, faces, exemplars, rest } = origin
  const own = { name, archived, createdAtMs, lastSeenAtMs, lastCamera, tracks, faces }
  const others = { lastSeenAtMs: rest.lastSeenAtMs, lastCamera: rest.lastCamera }
  return {
    ...own,
    exemplars: exemplars.map(lookOut),
    rest: { ...others, exemplars: rest.exemplars.map(lookOut) },
  }
}

const conflict = (message: string, remedy: string): RollcallError =>
  new RollcallError('PERSON_CONFLICT', message, { remedy })

/** People as data, to be known at another place. */
export const createTransfer = ({ people, coOccurrence, events, teller, rename }: TransferParts) => {
  const exported = (person: PersonRecord): ExportedPerson => {
    const { id, name, archived, createdAtMs, lastSeenAtMs, lastCamera, tracks, faces, exemplars } = person
    // What tracks contribute counts as settled there.
    const contributions = [...person.contributions]
    const origins = contributions.reduce(
      (all, [track, look]) => taughtOrigins(all, people.originOf(person, track), look),
      person.origins,
    )
    const aliases = people.aliasesOf(id).map((alias): ExportedAlias => {
      const origin = origins.find((one) => one.id === alias)
      return { id: alias, into: people.intoOf(alias), origin: origin ? originOut(origin) : null }
    })
    const apart = Array.from(coOccurrence.with(id), ([other, frames]) => ({
      person: other,
      frames: frames === Infinity ? null : frames,
    }))
    const own = { id, name, archived, createdAtMs, lastSeenAtMs, lastCamera, tracks, faces }
    const looks = [...exemplars, ...contributions.map(([, look]) => look)]
    return { ...own, exemplars: looks.map(lookOut), aliases, apart }
  }

  /** Throws unless each ID is one person's, and free here if the person is new. */
  const check = (imported: readonly ExportedPerson[]): void => {
    const seen = new Set<PersonId>()
    for (const { id, aliases } of imported) {
      for (const one of [id, ...aliases.map((alias) => alias.id)]) {
        if (seen.has(one)) throw conflict(`${one} is there twice`, 'Leave one of them out of the import.')
        seen.add(one)
        if (people.isRetired(one))
          throw conflict(`${one} was deleted here, and its ID is never given again`, 'Leave it out of the import.')
        if (!people.find(id) && people.find(one))
          throw conflict(
            `${one} is ${people.resolve(one)} here, and a former ID of ${id} in the import`,
            `Leave ${id} out of the import, or enroll it.`,
          )
      }
      const later = new Set([id])
      for (const alias of aliases.toReversed()) {
        if (!later.has(alias.into))
          throw conflict(
            `${alias.id} leads to ${alias.into}, which is no ID of ${id}`,
            'Export the people again, or leave that one out.',
          )
        later.add(alias.id)
      }
    }
  }

  const add = (one: ExportedPerson, atMs: number): RollcallEvent[] => {
    const { id, name, aliases, apart: _, ...own } = one
    // The older of two survives a merge, unless the other has a name.
    const order = people.created()
    const origins = aliases.flatMap(({ id: former, into, origin }, i): Origin[] => {
      if (!origin) return []
      const { exemplars, rest, ...times } = origin
      const whole = { ...times, name: cleanName(times.name), exemplars: exemplars.map(lookIn), unseenSinceMs: null }
      const others = { ...rest, exemplars: rest.exemplars.map(lookIn), unseenSinceMs: null }
      return [{ ...whole, id: former, into, order: order + aliases.length - i, by: 'user', rest: others, apart: [] }]
    })
    const exemplars = own.exemplars.map(lookIn)
    const person = people.restore({
      ...own,
      id,
      order,
      name: null,
      unseenSinceMs: null,
      exemplars,
      origins: origins.slice(-mostOrigins),
    })
    const told: RollcallEvent[] = [events.created(person, null, atMs)]
    for (const { id: former, into, origin } of aliases) {
      people.alias(former, into)
      told.push(events.merged({ id: former, name: cleanName(origin?.name ?? null) }, into, 'user', null, atMs))
    }
    return [...teller.log(told), ...rename(person, cleanName(name), atMs)]
  }

  return {
    exportPeople: (): ExportedPerson[] => people.all().map(exported),
    /** All or nothing: throws PERSON_CONFLICT before anything has changed. */
    importPeople(imported: readonly ExportedPerson[], atMs: number): RollcallEvent[] {
      check(imported)
      const fresh = imported.filter(({ id }) => !people.find(id))
      const told = imported.flatMap((one) => {
        const known = people.find(one.id)
        if (!known) return add(one, atMs)
        return one.name === null ? [] : rename(known, cleanName(one.name), atMs)
      })
      for (const { id, apart } of fresh)
        for (const { person, frames } of apart) {
          const [a, b] = [people.find(id), people.find(person)]
          if (a && b && a !== b && coOccurrence.frames(a.id, b.id) === 0)
            coOccurrence.add(a.id, b.id, frames ?? Infinity)
        }
      return told
    },
  }
}
