import type { CameraId } from '../types.ts'
import type { Similarity } from './evidence.ts'
import type { IdentityOptions } from './options.ts'
import type { People, PersonRecord } from './people.ts'
import { forget, knownOf, type Tracklet } from './tracklet.ts'

/** Ended tracks that were too short to become somebody. Two of the same face may be enough together. */
export interface TentativeTracklets {
  add(tracklet: Tracklet): void
  /** Whether the track, together with those that wait and look the same, has shown enough to become a person. */
  confirms(tracklet: Tracklet): boolean
  /** Takes out those that turn out to be of this person. */
  claim(person: PersonRecord, isApart: (tracklet: Tracklet) => boolean): Tracklet[]
  /** Takes out those of this camera that have waited long enough. */
  expire(camera: CameraId, nowMs: number): Tracklet[]
  all(): readonly Tracklet[]
  restore(tracklets: readonly Tracklet[]): void
  /** Drops those that look like somebody who was deleted. */
  purge(over: (tracklet: Tracklet) => boolean): void
}

/** A crowd at a distance must not fill the memory; the oldest go first. */
const mostTentative = 500

export const createTentativeTracklets = (
  people: People,
  similarityOf: Similarity,
  options: IdentityOptions,
): TentativeTracklets => {
  let ended: Tracklet[] = []
  const keep = (stays: (tracklet: Tracklet) => boolean): void => {
    for (const one of ended) if (!stays(one)) forget(one)
    ended = ended.filter(stays)
  }

  const sameAs = (tracklet: Tracklet): Tracklet[] => {
    const known = tracklet.template && knownOf(tracklet.template)
    return ended.filter(
      (other) =>
        other.template &&
        known &&
        (tracklet.coOccurrences.get(other) ?? 0) === 0 &&
        similarityOf(knownOf(other.template), known) >= options.join,
    )
  }

  return {
    add(tracklet) {
      if (!tracklet.template) return forget(tracklet)
      ended.push(tracklet)
      const [oldest] = ended
      if (ended.length > mostTentative && oldest) keep((one) => one !== oldest)
    },
    confirms(tracklet) {
      const parts = [tracklet, ...sameAs(tracklet)]
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
    claim(person, isApart) {
      const claimed = ended.filter(
        (one) =>
          one.template &&
          one.template.weight >= options.joinWeight &&
          people.similarity(knownOf(one.template), person) >= options.join &&
          !isApart(one),
      )
      ended = ended.filter((one) => !claimed.includes(one))
      return claimed
    },
    expire(camera, nowMs) {
      const isOver = (one: Tracklet): boolean => one.camera === camera && nowMs - one.lastMs > options.tentativeMs
      const expired = ended.filter(isOver)
      if (expired.length > 0) ended = ended.filter((one) => !isOver(one))
      return expired
    },
    all: () => ended,
    restore(tracklets) {
      ended = [...tracklets]
    },
    purge: (over) => keep((one) => !over(one)),
  }
}
