import type { Cause } from '../../events/types.ts'
import type { CameraId, MediaMs, PersonId, WallMs } from '../../types.ts'
import type { Exemplar } from '../state/state.ts'
import { withExemplar } from './exemplars.ts'
import type { Without } from './exemplars-without.ts'

/** When and where somebody was last seen: see `PersonRecord`. */
interface LastSeen {
  readonly lastSeenAtMs: MediaMs
  readonly unseenSinceMs: WallMs | null
  readonly lastCamera: CameraId
}

/**
 * What came in under an ID that is an alias now, so that its merge can be taken back. It counts as a person of its own
 * does, with all that was merged into it before. Never changed, only replaced.
 */
export interface Origin extends LastSeen {
  readonly id: PersonId
  /** Whom it was merged into: the person who has it, or another of that person's origins. */
  readonly into: PersonId
  /** Who merged it. The engine never takes apart what a user put together. */
  readonly by: Cause
  readonly order: number
  readonly name: string | null
  readonly archived: boolean
  readonly createdAtMs: number
  readonly tracks: number
  readonly faces: number
  readonly exemplars: readonly Exemplar[]
  /** What `into` is without it and without what was merged into `into` later. */
  readonly rest: LastSeen & { readonly exemplars: readonly Exemplar[] }
}

/** Of one person, in the order of the merges: what was merged into an origin comes before that origin. */
export type Origins = readonly Origin[]

/** Somebody whose ID may become an alias. */
type Whole = Omit<Origin, 'into' | 'by' | 'rest'> & { readonly origins: Origins }

/** Of one person. Each is up to 8 kB; beyond this number the oldest merges can no longer be taken back. */
export const mostOrigins = 32

/** The origins of `into` after `from` was merged into it. */
export const mergedOrigins = (from: Whole, into: Whole, by: Cause): Origins => {
  const { id, order, name, archived, createdAtMs, tracks, faces, exemplars } = from
  const rest = { ...lastSeenOf(into), exemplars: into.exemplars }
  const whole = { id, order, name, archived, createdAtMs, ...lastSeenOf(from), tracks, faces, exemplars }
  return [...into.origins, ...from.origins, { ...whole, into: into.id, by, rest }].slice(-mostOrigins)
}

/** The origin of this ID and those that it was merged into, one after the other; none for the person's own ID. */
const pathFrom = (origins: Origins, id: PersonId): Origin[] => {
  const path: Origin[] = []
  for (let at = origins.find((one) => one.id === id); at; at = nextOf(origins, at)) path.push(at)
  return path
}
const nextOf = (origins: Origins, { into }: Origin): Origin | undefined => origins.find((one) => one.id === into)

const replaced = (origins: Origins, path: readonly Origin[], change: (origin: Origin) => Origin): Origins =>
  path.length === 0 ? origins : origins.map((one) => (path.includes(one) ? change(one) : one))

/** Counts tracks and faces that came, or with negative numbers left, under `id`. */
export const countedOrigins = (origins: Origins, id: PersonId, tracks: number, faces: number): Origins =>
  replaced(origins, pathFrom(origins, id), (one) => ({
    ...one,
    tracks: one.tracks + tracks,
    faces: one.faces + faces,
  }))

const lastSeenOf = ({ lastSeenAtMs, unseenSinceMs, lastCamera }: LastSeen): LastSeen => ({
  lastSeenAtMs,
  unseenSinceMs,
  lastCamera,
})

const isSame = (a: LastSeen, b: LastSeen): boolean => a.lastSeenAtMs === b.lastSeenAtMs && a.lastCamera === b.lastCamera

/** The two together; of equals `a`. Of our own clock null, which is now, is later than any time. */
export const laterSeen = (a: LastSeen, b: LastSeen): LastSeen => {
  const [unseenA, unseenB] = [a.unseenSinceMs, b.unseenSinceMs]
  const unseenSinceMs = unseenA === null || unseenB === null ? null : Math.max(unseenA, unseenB)
  return { ...lastSeenOf(b.lastSeenAtMs > a.lastSeenAtMs ? b : a), unseenSinceMs }
}

/** Somebody was seen under `id`; `before` is when the person was last seen until then. */
export const seenOrigins = (origins: Origins, id: PersonId, before: LastSeen, seen: LastSeen): Origins =>
  replaced(origins, pathFrom(origins, id), (one) => {
    const parent = nextOf(origins, one) ?? before
    const rest = isSame(one, parent) ? one.rest : { ...one.rest, ...lastSeenOf(parent) }
    return { ...one, ...laterSeen(seen, one), rest }
  })

/** Of each origin, in which list a look is that came in under `id`. */
const placesOf = (origins: Origins, id: PersonId): ('own' | 'rest' | null)[] => {
  const path = pathFrom(origins, id)
  return origins.map((one, i) => {
    if (path.includes(one)) return 'own'
    const via = path.find(({ into }) => into === one.into)
    return (via ? origins.indexOf(via) < i : one.into === id) ? 'rest' : null
  })
}

/** A look came in under `id` for good. */
export const taughtOrigins = (origins: Origins, id: PersonId, look: Exemplar): Origins => {
  const places = placesOf(origins, id)
  return origins.map((one, i) => {
    if (places[i] === 'own') return { ...one, exemplars: withExemplar(one.exemplars, look) }
    if (places[i] === null) return one
    return { ...one, rest: { ...one.rest, exemplars: withExemplar(one.rest.exemplars, look) } }
  })
}

/** A look, and the ID that it came in under: the person's own, or that of an origin. */
export interface LookOf {
  readonly id: PersonId
  readonly look: Exemplar
}

/** The same origins without the looks `off`; `stay` are the others that are kept. */
export const originsWithout = (
  origins: Origins,
  off: readonly LookOf[],
  stay: readonly LookOf[],
  without: Without,
): Origins => {
  const places = new Map([...off, ...stay].map(({ id }) => [id, placesOf(origins, id)] as const))
  return origins.map((one, i) => {
    const looksIn = (looks: readonly LookOf[], place: 'own' | 'rest'): Exemplar[] =>
      looks.flatMap(({ id, look }) => (places.get(id)?.[i] === place ? look : []))
    const less = (place: 'own' | 'rest', exemplars: readonly Exemplar[]): readonly Exemplar[] =>
      without(exemplars, looksIn(off, place), looksIn(stay, place))
    return {
      ...one,
      exemplars: less('own', one.exemplars),
      rest: { ...one.rest, exemplars: less('rest', one.rest.exemplars) },
    }
  })
}

/** What a person with these origins has under `id` alone; `whole` is what the person is known by. */
export const ownExemplars = (origins: Origins, id: PersonId, whole: readonly Exemplar[]): readonly Exemplar[] => {
  const first = origins.find(({ into }) => into === id)
  return first?.rest.exemplars ?? origins.find((one) => one.id === id)?.exemplars ?? whole
}

/** The same origins with some of their looks only. */
export const originsWith = (origins: Origins, isKept: (look: Exemplar) => boolean): Origins =>
  origins.map((one) => ({
    ...one,
    exemplars: one.exemplars.filter(isKept),
    rest: { ...one.rest, exemplars: one.rest.exemplars.filter(isKept) },
  }))

/** What is left of the counts without the origin's; never below nothing, whatever an import said of them. */
export const leftOf = (
  whole: Pick<Origin, 'tracks' | 'faces'>,
  { tracks, faces }: Pick<Origin, 'tracks' | 'faces'>,
): Pick<Origin, 'tracks' | 'faces'> => ({
  tracks: Math.max(0, whole.tracks - tracks),
  faces: Math.max(0, whole.faces - faces),
})

/** A person divided into one of its origins and what is left of it. */
export interface Taken {
  readonly origin: Origin
  /** Those that had been merged into it. */
  readonly inner: Origins
  /** Those that the person keeps. */
  readonly others: Origins
  /** What the person is known by without it, and when it was last seen. */
  readonly exemplars: readonly Exemplar[]
  readonly lastSeen: LastSeen
}

/**
 * Takes an origin out of a person. What is left of the person is exact when nothing was merged into it afterwards; else
 * it is put together again from its parts. Null when there is no such origin.
 */
export const takeOrigin = (origins: Origins, id: PersonId, lastSeen: LastSeen): Taken | null => {
  const origin = origins.find((one) => one.id === id)
  if (!origin) return null
  const inner = origins.filter((one) => one !== origin && pathFrom(origins, one.id).includes(origin))
  const without = (last: LastSeen): LastSeen => (isSame(last, origin) ? origin.rest : last)
  const others = origins.filter((one) => one !== origin && !inner.includes(one))
  const places = new Map(origins.map((one, i) => [one.id, i]))
  const isLater = (one: Origin, than: Origin): boolean =>
    one.into === than.into && (places.get(one.id) ?? 0) > (places.get(than.id) ?? 0)
  let [at, exemplars] = [origin, origin.rest.exemplars]
  for (;;) {
    for (const [i, one] of others.entries()) {
      if (!isLater(one, at)) continue
      others[i] = { ...one, rest: { ...lastSeenOf(without(one.rest)), exemplars } }
      exemplars = one.exemplars.reduce(withExemplar, exemplars)
    }
    const above = others.findIndex((one) => one.id === at.into)
    const parent = others[above]
    if (!parent) return { origin, inner, others, exemplars, lastSeen: lastSeenOf(without(lastSeen)) }
    others[above] = { ...parent, ...lastSeenOf(without(parent)), ...leftOf(parent, origin), exemplars }
    at = parent
    exemplars = exemplars.reduce<readonly Exemplar[]>(withExemplar, parent.rest.exemplars)
  }
}
