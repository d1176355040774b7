import type { CameraId } from '../types.ts'
import type { Appearance } from './appearances.ts'
import type { IdentityOptions } from './options.ts'
import { contributionOf, type People, type PersonRecord } from './people.ts'
import { agreement } from './template.ts'

/** Ended tracks that were too short to become somebody. Two of the same face may be enough together. */
export interface Waiting {
  add(appearance: Appearance): void
  /** Whether the track, together with those that wait and look the same, has shown enough to become a person. */
  confirms(appearance: Appearance): boolean
  /** Gives the person those that turn out to be of it. */
  absorb(person: PersonRecord): void
  expire(camera: CameraId, nowMs: number): void
}

/** A crowd at a distance must not fill the memory; the oldest go first. */
const mostWaiting = 500

export const createWaiting = (people: People, options: IdentityOptions): Waiting => {
  let ended: Appearance[] = []

  const sameAs = (appearance: Appearance): Appearance[] =>
    ended.filter(
      (other) =>
        other.template &&
        appearance.template &&
        (appearance.beside.get(other) ?? 0) === 0 &&
        agreement(other.template, appearance.template.mean) >= options.join,
    )

  return {
    add(appearance) {
      if (!appearance.template) return
      ended.push(appearance)
      if (ended.length > mostWaiting) ended.shift()
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
    absorb(person) {
      const left: Appearance[] = []
      for (const appearance of ended) {
        const { template } = appearance
        if (template && agreement(template, person.mean) >= options.join) {
          people.contribute(person, null, contributionOf(template, options.trackWeight))
          appearance.person = person
          person.tracks++
        } else left.push(appearance)
      }
      ended = left
    },
    expire(camera, nowMs) {
      ended = ended.filter((one) => one.camera !== camera || nowMs - one.lastMs <= options.tentativeMs)
    },
  }
}
