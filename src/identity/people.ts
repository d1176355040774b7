import type { Template } from '../math/template.ts'
import { cleanName } from '../text.ts'
import type { CameraId, Candidate, Comparison, MediaMs, PersonId, TrackId, WallMs } from '../types.ts'
import { type Compare, evidenceOf, type Known } from './evidence.ts'
import { directionOf, knownBy, withExemplar } from './exemplars.ts'
import { personIdFor } from './person-id.ts'
import { createSearch } from './search/search.ts'
import type { Exemplar, SavedPerson } from './state.ts'

export interface PersonRecord {
  readonly id: PersonId
  /** Place in the order of creation: the older of two survives a merge. Clocks of cameras differ, so time cannot say. */
  readonly order: number
  readonly createdAtMs: number
  name: string | null
  archived: boolean
  /** Of its newest sight, by the camera's or file's own time. */
  lastSeenAtMs: MediaMs
  /** Since when nobody has seen it, by our clock; null: seen since the clock was last looked at. See `createRetention`. */
  unseenSinceMs: WallMs | null
  lastCamera: CameraId
  tracks: number
  faces: number
  /** What ended tracks have left. */
  exemplars: readonly Exemplar[]
  /** What tracks add that may still change or leave, by whatever stands for the track. */
  readonly contributions: Map<object, Exemplar>
  /** All of these together; null while there is nothing. */
  known: Known | null
}

export interface Match extends Comparison {
  readonly person: PersonRecord
}

/** The match as events tell it. */
export const candidateOf = ({ person, similarity, score }: Match): Candidate => ({
  person: person.id,
  similarity,
  score,
})

export interface People {
  create(track: TrackId, camera: CameraId, atMs: number): PersonRecord
  /** Sets what the track adds to the person; null takes it away. */
  contribute(person: PersonRecord, track: object, part: Exemplar | null): void
  /** The track's contribution can change no more. */
  settle(person: PersonRecord, track: object): void
  /** The person without one track's contribution; null when nothing is left. */
  without(person: PersonRecord, track: object): Known | null
  /**
   * The `count` people that a track matches best, of those that are allowed, by score; equals in the order of creation.
   * It may be like one of the looks of a person.
   */
  nearest(known: Known, count: number, allowed: (person: PersonRecord) => boolean): Match[]
  /** The same for a person, who must be like the whole of another. */
  nearestTo(person: PersonRecord, count: number, allowed: (person: PersonRecord) => boolean): Match[]
  /**
   * Compares a track with a person; null when nothing is known of the person. `similarity` is the cosine to the whole of
   * the person; the score counts the nearest of its looks too (`identity.exemplarShare`).
   */
  compare(known: Known, person: PersonRecord): Comparison | null
  /** Replaces what is settled. */
  teach(person: PersonRecord, exemplars: readonly Exemplar[]): void
  /** Makes `from` an alias of `into` for ever. */
  merge(from: PersonRecord, into: PersonRecord): void
  /** Forgets the person and its aliases; their IDs are never given again. Returns the IDs. */
  remove(person: PersonRecord): PersonId[]
  /** Takes back a person of an earlier run, or of another place. */
  restore(saved: Omit<SavedPerson, 'order'> & { readonly order?: number }): PersonRecord
  /** IDs that stood for somebody once. */
  alias(from: PersonId, into: PersonId): void
  retire(id: PersonId): void
  isRetired(id: PersonId): boolean
  /** The person an ID stands for today; null when it never existed. */
  find(id: PersonId): PersonRecord | null
  resolve(id: PersonId): PersonId
  aliasesOf(id: PersonId): PersonId[]
  /** In the order of creation. */
  all(): readonly PersonRecord[]
  count(): number
  created(): number
  /** Something else about the person has changed: its name, or when it was seen. */
  touch(person: PersonRecord): void
  /** Who has changed since the last call. */
  takeChanged(): Set<PersonRecord>
}

export const contributionOf = (template: Template): Exemplar => {
  const weight = evidenceOf(template.weight)
  return { sum: template.mean.map((value) => value * weight), weight }
}

/** Candidates for which the exact similarity is worked out. */
const shortlist = 16

/** Null, which is now, is later than any time. */
const laterOf = (a: WallMs | null, b: WallMs | null): WallMs | null =>
  a === null || b === null ? null : Math.max(a, b)

/** Everybody, in memory. `created` goes on from where an earlier run was. */
export const createPeople = (compare: Compare, exemplarShare = 0, createdBefore = 0): People => {
  const alive = new Map<PersonId, PersonRecord>()
  const byOrder = new Map<number, PersonRecord>()
  const aliases = new Map<PersonId, PersonId>()
  /** The same the other way round: whose alias somebody has become last. */
  const former = new Map<PersonId, PersonId[]>()
  const retired = new Set<PersonId>()
  let search: ReturnType<typeof createSearch> | null = null
  let created = createdBefore
  let changed = new Set<PersonRecord>()

  const resolve = (id: PersonId): PersonId => {
    let current = id
    for (let next = aliases.get(current); next !== undefined; next = aliases.get(current)) current = next
    return current
  }
  const isTaken = (id: PersonId): boolean => alive.has(id) || aliases.has(id) || retired.has(id)
  const refresh = (person: PersonRecord): void => {
    person.known = knownBy([...person.exemplars, ...person.contributions.values()])
    changed.add(person)
    if (person.known) {
      search ??= createSearch(person.known.mean.length)
      search.set(person.order, person.known.mean)
    } else search?.delete(person.order)
  }
  const add = (person: PersonRecord): PersonRecord => {
    alive.set(person.id, person)
    byOrder.set(person.order, person)
    changed.add(person)
    return person
  }
  const drop = (person: PersonRecord): void => {
    alive.delete(person.id)
    byOrder.delete(person.order)
    search?.delete(person.order)
    changed.delete(person)
  }
  /** The whole of the person and, with a share, the one of its exemplars that is most like it. */
  const compareWith = (known: Known, person: PersonRecord): Comparison | null => {
    if (!person.known) return null
    const whole = compare(known, person.known)
    if (exemplarShare === 0 || person.exemplars.length < 2) return whole
    let best = -1
    for (const exemplar of person.exemplars) {
      best = Math.max(best, compare(known, { mean: directionOf(exemplar), evidence: exemplar.weight }).score)
    }
    const mixed = (1 - exemplarShare) * whole.score + exemplarShare * best
    return { similarity: whole.similarity, score: Math.max(whole.score, mixed) }
  }
  const nearest = (
    known: Known,
    count: number,
    allowed: (person: PersonRecord) => boolean,
    to: (person: PersonRecord) => Comparison | null,
  ): Match[] => {
    if (!search) return []
    const found = search.nearest(known.mean, Math.max(count, shortlist), (order) => {
      const person = byOrder.get(order)
      return person !== undefined && allowed(person)
    })
    return found
      .flatMap(({ key }) => {
        const person = byOrder.get(key)
        const comparison = person && to(person)
        return comparison ? [{ person, ...comparison }] : []
      })
      .sort((a, b) => b.score - a.score || a.person.order - b.person.order)
      .slice(0, count)
  }
  const alias = (from: PersonId, into: PersonId): void => {
    aliases.set(from, into)
    const others = former.get(into)
    if (others) others.push(from)
    else former.set(into, [from])
  }
  const aliasesOf = (id: PersonId): PersonId[] => (former.get(id) ?? []).flatMap((from) => [...aliasesOf(from), from])

  return {
    create(track, camera, atMs) {
      const id = personIdFor(track, isTaken)
      const person: PersonRecord = {
        id,
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
        contributions: new Map(),
        known: null,
      }
      return add(person)
    },
    contribute(person, track, part) {
      if (part) person.contributions.set(track, part)
      else person.contributions.delete(track)
      refresh(person)
    },
    settle(person, track) {
      const part = person.contributions.get(track)
      if (!part) return
      person.contributions.delete(track)
      person.exemplars = withExemplar(person.exemplars, part)
      refresh(person)
    },
    without(person, track) {
      const part = person.contributions.get(track)
      if (!part) return person.known
      const rest = [...person.contributions.values()].filter((other) => other !== part)
      return knownBy([...person.exemplars, ...rest])
    },
    nearest: (known, count, allowed) => nearest(known, count, allowed, (person) => compareWith(known, person)),
    nearestTo({ known }, count, allowed) {
      if (!known) return []
      return nearest(known, count, allowed, (other) => other.known && compare(known, other.known))
    },
    compare: compareWith,
    teach(person, exemplars) {
      person.exemplars = exemplars
      refresh(person)
    },
    merge(from, into) {
      for (const exemplar of from.exemplars) into.exemplars = withExemplar(into.exemplars, exemplar)
      for (const [track, part] of from.contributions) into.contributions.set(track, part)
      into.tracks += from.tracks
      into.faces += from.faces
      into.unseenSinceMs = laterOf(from.unseenSinceMs, into.unseenSinceMs)
      if (from.lastSeenAtMs > into.lastSeenAtMs) {
        into.lastSeenAtMs = from.lastSeenAtMs
        into.lastCamera = from.lastCamera
      }
      refresh(into)
      drop(from)
      alias(from.id, into.id)
    },
    remove(person) {
      const ids = [person.id, ...aliasesOf(person.id)]
      drop(person)
      for (const id of ids) {
        aliases.delete(id)
        former.delete(id)
        retired.add(id)
      }
      return ids
    },
    restore({ order = created, ...saved }) {
      created = Math.max(created, order + 1)
      // Earlier versions kept names as they were given, and times with fractions.
      const name = cleanName(saved.name)
      const createdAtMs = Math.round(saved.createdAtMs)
      const lastSeenAtMs = Math.round(saved.lastSeenAtMs)
      const person = add({ ...saved, name, createdAtMs, lastSeenAtMs, order, contributions: new Map(), known: null })
      refresh(person)
      return person
    },
    alias,
    retire: (id) => void retired.add(id),
    isRetired: (id) => retired.has(id),
    find: (id) => alive.get(resolve(id)) ?? null,
    resolve,
    aliasesOf,
    all: () => [...alive.values()],
    count: () => alive.size,
    created: () => created,
    touch: (person) => void changed.add(person),
    takeChanged() {
      const taken = changed
      changed = new Set()
      return taken
    },
  }
}
