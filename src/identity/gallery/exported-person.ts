import type { CameraId, PersonId } from '../../types.ts'
import type { CoOccurrence } from '../people/co-occurrence.ts'
import { type Origin, taughtOrigins } from '../people/origins.ts'
import type { People } from '../people/people.ts'
import type { PersonRecord } from '../people/person-record.ts'
import type { Exemplar } from '../state/state.ts'

/** A look of a person. Biometric data. */
export interface ExportedLook {
  /** Unit length times `weight`, or shorter when its tracks disagree. */
  readonly vector: readonly number[]
  /** Evidence, in tracks of full evidence. */
  readonly weight: number
}

/** Somebody whom an ID differs from. */
export interface ExportedApart {
  /** The ID that it was said of; it may be an alias. */
  readonly person: PersonId
  /** Frames that showed both; null when a user separated them. */
  readonly frames: number | null
}

/** What an alias had before its merge, and what the person it was merged into had: see `Origin`. */
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

/** A former ID of a person. */
export interface ExportedAlias {
  readonly id: PersonId
  /** The person, or another alias of it that comes later. */
  readonly into: PersonId
  /** Null when the merge can no longer be undone. */
  readonly origin: ExportedOrigin | null
  /** What was said of this ID. */
  readonly apart: readonly ExportedApart[]
}

/** All that another site needs to recognise a person. Biometric data. */
export interface ExportedPerson extends Omit<ExportedOrigin, 'rest'> {
  readonly id: PersonId
  /** In the order of the merges. */
  readonly aliases: readonly ExportedAlias[]
  /** What was said of the person's own ID; what was said of its aliases stands there. */
  readonly apart: readonly ExportedApart[]
}

/** A look as JSON values. */
export const lookOut = ({ sum, weight }: Exemplar): ExportedLook => ({ vector: [...sum], weight })
/** The inverse of `lookOut`. */
export const lookIn = ({ vector, weight }: ExportedLook): Exemplar => ({ sum: Float32Array.from(vector), weight })

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

/** Exports a person. What live tracks contribute is settled in the export. */
export const exportPerson = (
  person: PersonRecord,
  people: Pick<People, 'originOf' | 'aliasesOf' | 'intoOf'>,
  coOccurrence: Pick<CoOccurrence, 'of'>,
): ExportedPerson => {
  const { id, name, archived, createdAtMs, lastSeenAtMs, lastCamera, tracks, faces, exemplars } = person
  const contributions = [...person.contributions]
  const origins = contributions.reduce(
    (all, [track, look]) => taughtOrigins(all, people.originOf(person, track), look),
    person.origins,
  )
  const apartOf = (one: PersonId): ExportedApart[] =>
    Array.from(coOccurrence.of(one), ([other, frames]) => ({
      person: other,
      frames: frames === Infinity ? null : frames,
    })).sort((a, b) => (a.person < b.person ? -1 : 1))
  const aliases = people.aliasesOf(id).map((alias): ExportedAlias => {
    const origin = origins.find((one) => one.id === alias)
    const into = people.intoOf(alias)
    return { id: alias, into, origin: origin ? originOut(origin) : null, apart: apartOf(alias) }
  })
  const own = { id, name, archived, createdAtMs, lastSeenAtMs, lastCamera, tracks, faces }
  const looks = [...exemplars, ...contributions.map(([, look]) => look)]
  return { ...own, exemplars: looks.map(lookOut), aliases, apart: apartOf(id) }
}
