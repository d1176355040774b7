import { gaussianFrom, seededRandom } from '../math/seeded-random.ts'
import { unit } from '../math/vector.ts'
import type { StreamFace, StreamFrame } from './stream.ts'

/** How hard a stream is: the lengths of the vectors that are added to a person's unit vector. */
export interface Level {
  /** Light is the same during a visit, angle during a shot. */
  readonly light: number
  readonly angle: number
  /** A turned head. A part of it is the same for everybody. */
  readonly pose: number
  /** The noise of each picture, and how much noise and common drift a bad picture adds. */
  readonly frame: number
  readonly bad: number
  readonly drift: number
  /** The mean quality of pictures, 0–1. */
  readonly quality: number
}

/**
 * Two levels, a little harder than the reference by which the thresholds were first chosen. There .89 (easier) and .76
 * (harder) of the same-person pairs are above the cosine that accepts 1e-3 of the others; see `pairRecall`.
 */
export const levels = {
  easier: { light: 0.388, angle: 0.388, pose: 1.01, frame: 0.573, bad: 1.355, drift: 1.435, quality: 0.63 },
  harder: { light: 0.424, angle: 0.424, pose: 1.11, frame: 0.604, bad: 1.605, drift: 1.66, quality: 0.62 },
} as const satisfies Record<string, Level>

/** A level that `rollcall eval` knows by name. */
export type LevelName = keyof typeof levels

const people = 100
const dimensions = 128
const cameras = 4
const framesPerSecond = 5
/** The share of people who look like an earlier one, and the cosine between the two without noise. */
const lookAlikes = 0.15
const lookAlikeCosine = 0.45
/** The chance that the tracker swaps two people, for each person in a shot. */
const swaps = 0.015

const clamp = (value: number, from: number, to: number): number => Math.min(to, Math.max(from, value))

interface Looks {
  readonly own: Float32Array
  readonly turned: readonly Float32Array[]
}

const createCast = (random: () => number, direction: () => Float32Array): Looks[] => {
  const cast: Looks[] = []
  const rest = Math.sqrt(1 - lookAlikeCosine ** 2)
  for (let i = 0; i < people; i++) {
    const fresh = direction()
    const twin = i > 0 && random() < lookAlikes ? cast[Math.floor(random() * i)] : undefined
    const own = twin ? fresh.map((value, d) => lookAlikeCosine * (twin.own[d] ?? 0) + rest * value) : fresh
    cast.push({ own: unit(own) ?? fresh, turned: [direction(), direction()] })
  }
  return cast
}

/**
 * Makes the embeddings of a cast. `pose` is 0 for frontal, 1 and 2 for a head turned to either side. `light` and
 * `angle` are unit vectors. `clear` is how good the picture is, 0–1.
 */
const createEmbed = (level: Level, cast: readonly Looks[], direction: () => Float32Array) => {
  const commonTurns = [direction(), direction()]
  const drift = direction()
  return (person: number, pose: number, light: Float32Array, angle: Float32Array, clear: number): Float32Array => {
    const { own, turned } = cast[person] as Looks
    const noise = direction()
    const bad = (1 - clear) ** 2
    const [ownTurn, commonTurn] = [turned[pose - 1], commonTurns[pose - 1]]
    const vector = own.map((value, d) => {
      const head = ownTurn && commonTurn ? level.pose * (0.6 * (ownTurn[d] ?? 0) + 0.4 * (commonTurn[d] ?? 0)) : 0
      const shot = level.light * (light[d] ?? 0) + level.angle * (angle[d] ?? 0)
      return (
        value + shot + head + (level.frame + level.bad * bad) * (noise[d] ?? 0) + level.drift * bad * (drift[d] ?? 0)
      )
    })
    return unit(vector) ?? own
  }
}

/**
 * Simulates people in front of four cameras, as embeddings: scenes of up to five people, a cut every few seconds,
 * look-alikes, turned heads, bad pictures that drift the same way, missed faces, and a tracker that sometimes swaps two
 * people. The result depends on `seed` only; frames are in time order.
 */
export const simulatePeople = (level: Level, seed: number, scenes = 330): StreamFrame[] => {
  const random = seededRandom(seed)
  const gaussian = gaussianFrom(random)
  const pick = (count: number): number => Math.floor(random() * count)
  const between = (from: number, to: number): number => from + (to - from) * random()
  const direction = (): Float32Array => {
    const vector = Float32Array.from({ length: dimensions }, gaussian)
    return unit(vector) ?? direction()
  }
  const cast = createCast(random, direction)
  const embed = createEmbed(level, cast, direction)

  const frames: StreamFrame[] = []
  const freeAt = Array.from({ length: cameras }, () => 0)
  let tracks = 0
  for (let scene = 0; scene < scenes; scene++) {
    const camera = freeAt.indexOf(Math.min(...freeAt))
    const size = 1 + pick(5)
    const here = new Set<number>()
    // Half of them are regulars, half anybody.
    while (here.size < size) here.add(random() < 0.5 ? Math.floor(people * random() * random()) : pick(people))
    const visits = [...here].map((person) => ({ person, light: direction() }))
    let t = (freeAt[camera] ?? 0) + between(0, 6)
    const end = t + between(8, 30)
    while (t < end) {
      const count = Math.round(between(2, 8) * framesPerSecond)
      const shot = visits
        .filter(() => random() < 0.85)
        .map((visit) => ({
          ...visit,
          track: tracks++,
          pose: random() < 0.6 ? 0 : 1 + pick(2),
          clear: clamp(level.quality + 0.18 * gaussian(), 0.15, 0.99),
          angle: direction(),
        }))
      const swapAt = shot.length > 1 && random() < swaps * shot.length ? Math.floor(count * between(0.3, 0.7)) : -1
      for (let f = 0; f < count; f++) {
        const [first, second] = shot
        if (f === swapAt && first && second) [first.track, second.track] = [second.track, first.track]
        const faces: StreamFace[] = []
        for (const actor of shot) {
          if (random() < 0.05) continue
          if (random() < 0.08) actor.pose = pick(3)
          const clear = clamp(actor.clear + 0.1 * gaussian() - (actor.pose > 0 ? 0.12 : 0), 0.05, 1)
          const embedding = embed(actor.person, actor.pose, actor.light, actor.angle, clear)
          const quality = clamp(clear + 0.08 * gaussian(), 0, 1)
          faces.push({ person: `${actor.person}`, track: `${actor.track}`, quality, embedding })
        }
        const atMs = Math.round((t + f / framesPerSecond) * 1000)
        if (faces.length > 0) frames.push({ atMs, camera: `${camera}`, faces })
      }
      t += count / framesPerSecond + 0.2
    }
    freeAt[camera] = t + between(0, 10)
  }
  return frames.sort((a, b) => a.atMs - b.atMs)
}
