import type { CameraId, PersonId, TrackId } from '../types.ts'
import { personIdFor } from './person-id.ts'
import type { Template } from './template.ts'
import { dot, unit } from './vector.ts'

/** What one track adds to a person: its mean times its weight. */
export interface Contribution {
  readonly sum: Float64Array
  readonly weight: number
}

export interface PersonRecord {
  readonly id: PersonId
  /** Place in the order of creation: the older of two survives a merge. Clocks of cameras differ, so time cannot say. */
  readonly order: number
  readonly createdAtMs: number
  /** Sum of the contributions, their weight, and the direction of the sum at unit length. */
  sum: Float64Array
  weight: number
  mean: Float32Array
  lastSeenAtMs: number
  lastCamera: CameraId
  tracks: number
  faces: number
}

export interface Match {
  readonly person: PersonRecord
  readonly similarity: number
}

export interface People {
  create(track: TrackId, camera: CameraId, atMs: number): PersonRecord
  /** Puts `next` in the place of what the track contributed before; null takes it away, or adds it anew. */
  contribute(person: PersonRecord, before: Contribution | null, next: Contribution | null): void
  /** The person's mean without one track's contribution; null when nothing is left. */
  without(person: PersonRecord, contribution: Contribution | null): Float32Array | null
  /** The `count` most similar people that are allowed, best first; equals in the order of creation. */
  nearest(mean: Float32Array, count: number, allowed: (person: PersonRecord) => boolean): Match[]
  /** Makes `from` an alias of `into` for ever. */
  merge(from: PersonRecord, into: PersonRecord): void
  /** The person an ID stands for today; null when it never existed. */
  find(id: PersonId): PersonRecord | null
  resolve(id: PersonId): PersonId
  all(): readonly PersonRecord[]
}

export const contributionOf = (template: Template, most: number): Contribution => {
  const weight = Math.min(template.weight, most)
  return { sum: Float64Array.from(template.mean, (value) => value * weight), weight }
}

/** Everybody, in memory. A store and an index for many thousands of people fit behind the same interface. */
export const createPeople = (): People => {
  const alive = new Map<PersonId, PersonRecord>()
  const aliases = new Map<PersonId, PersonId>()
  let created = 0

  const resolve = (id: PersonId): PersonId => {
    let current = id
    for (let next = aliases.get(current); next !== undefined; next = aliases.get(current)) current = next
    return current
  }
  const shift = (person: PersonRecord, part: Contribution, sign: 1 | -1): void => {
    if (person.sum.length === 0) person.sum = new Float64Array(part.sum.length)
    for (let i = 0; i < person.sum.length; i++) person.sum[i] = (person.sum[i] ?? 0) + sign * (part.sum[i] ?? 0)
    person.weight = Math.max(0, person.weight + sign * part.weight)
  }

  return {
    create(track, camera, atMs) {
      const id = personIdFor(track, (taken) => alive.has(taken) || aliases.has(taken))
      const person: PersonRecord = {
        id,
        order: created++,
        createdAtMs: atMs,
        lastSeenAtMs: atMs,
        lastCamera: camera,
        tracks: 0,
        faces: 0,
        sum: new Float64Array(0),
        weight: 0,
        mean: new Float32Array(0),
      }
      alive.set(id, person)
      return person
    },
    contribute(person, before, next) {
      if (before) shift(person, before, -1)
      if (next) shift(person, next, 1)
      person.mean = unit(person.sum) ?? person.mean
    },
    without(person, contribution) {
      const weight = person.weight - (contribution?.weight ?? 0)
      if (weight < 1e-9) return null
      return unit(person.sum.map((value, i) => value - (contribution?.sum[i] ?? 0)))
    },
    nearest(mean, count, allowed) {
      const best: Match[] = []
      for (const person of alive.values()) {
        if (person.weight < 1e-9) continue
        const value = dot(mean, person.mean)
        if (best.length === count && value <= (best.at(-1)?.similarity ?? 1)) continue
        if (!allowed(person)) continue
        let place = best.length
        while (place > 0 && value > (best[place - 1]?.similarity ?? 1)) place--
        best.splice(place, 0, { person, similarity: value })
        best.length = Math.min(best.length, count)
      }
      return best
    },
    merge(from, into) {
      shift(into, { sum: from.sum, weight: from.weight }, 1)
      into.mean = unit(into.sum) ?? into.mean
      into.tracks += from.tracks
      into.faces += from.faces
      alive.delete(from.id)
      aliases.set(from.id, into.id)
    },
    find: (id) => alive.get(resolve(id)) ?? null,
    resolve,
    all: () => [...alive.values()],
  }
}
