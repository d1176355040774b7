import type { CameraId } from '../types.ts'
import { type Appearance, forget, knownOf } from './appearances.ts'
import type { Similarity } from './evidence.ts'
import type { IdentityOptions } from './options.ts'
import type { People, PersonRecord } from './people.ts'

/** Ended tracks that were too short to become somebody. Two of the same face may be enough together. */
export interface Waiting {
  add(appearance: Appearance): void
  /** Whether the track, together with those that wait and look the same, has shown enough to become a person. */
  confirms(appearance: Appearance): boolean
  /** Takes out those that turn out to be of this person. */
  claim(person: PersonRecord, isCompanion: (appearance: Appearance) => boolean): Appearance[]
  /** Takes out those of this camera that have waited long enough. */
  expire(camera: CameraId, nowMs: number): Appearance[]
  all(): readonly Appearance[]
  restore(appearances: readonly Appearance[]): void
  /** Drops those that look like somebody who was deleted. */
  purge(over: (appearance: Appearance) => boolean): void
}

/** A crowd at a distance must not fill the memory; the oldest go first. */
const mostWaiting = 500

export const createWaiting = (people: People, similarityOf: Similarity, options: IdentityOptions): Waiting => {
  let ended: Appearance[] = []
  const keep = (stays: (appearance: Appearance) => boolean): void => {
    for (const one of ended) if (!stays(one)) forget(one)
    ended = ended.filter(stays)
  }

  const sameAs = (appearance: Appearance): Appearance[] => {
    const known = appearance.template && knownOf(appearance.template)
    return ended.filter(
      (other) =>
        other.template &&
        known &&
        (appearance.beside.get(other) ?? 0) === 0 &&
        similarityOf(knownOf(other.template), known) >= options.join,
    )
  }

  return {
    add(appearance) {
      if (!appearance.template) return forget(appearance)
      ended.push(appearance)
      const [oldest] = ended
      if (ended.length > mostWaiting && oldest) keep((one) => one !== oldest)
    },
    confirms(appearance) {
      const parts = [appearance, ...sameAs(appearance)]
      const faces = parts.reduce((sum, { template }) => sum + (template?.faces ?? 0), 0)
      // Coming back is worth as much time as staying; cameras' clocks differ, so the time between cannot be told.
      const backMs = (parts.length - 1) * options.confirmMs
      const lastedMs = parts.reduce((sum, { goodFromMs, goodUntilMs }) => sum + goodUntilMs - goodFromMs, backMs)
      const best = Math.max(...parts.map(({ bestQuality }) => bestQuality))
      const weight = parts.reduce((sum, { template }) => sum + (template?.weight ?? 0), 0)
      return (
        faces >= options.confirmFaces &&
        lastedMs >= options.confirmMs &&
        best >= options.confirmQuality &&
        weight >= options.confirmWeight
      )
    },
    claim(person, isCompanion) {
      const claimed = ended.filter(
        (one) =>
          one.template &&
          one.template.weight >= options.joinWeight &&
          people.similarity(knownOf(one.template), person) >= options.join &&
          !isCompanion(one),
      )
      ended = ended.filter((one) => !claimed.includes(one))
      return claimed
    },
    expire(camera, nowMs) {
      const isOver = (one: Appearance): boolean => one.camera === camera && nowMs - one.lastMs > options.tentativeMs
      const expired = ended.filter(isOver)
      if (expired.length > 0) ended = ended.filter((one) => !isOver(one))
      return expired
    },
    all: () => ended,
    restore(appearances) {
      ended = [...appearances]
    },
    purge: (over) => keep((one) => !over(one)),
  }
}
