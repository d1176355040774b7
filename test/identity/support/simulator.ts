import { unit } from '../../../src/identity/vector.ts'
import { direction, gaussianFrom, randomFrom } from './faces.ts'

/** One face of a simulated frame: who it truly is, and what a vision process would say of it. */
export interface SimulatedFace {
  readonly person: number
  /** What a tracker would say; it sometimes swaps two people. */
  readonly track: number
  readonly quality: number
  readonly embedding: Float32Array
}

export interface SimulatedFrame {
  readonly atMs: number
  readonly camera: number
  readonly faces: readonly SimulatedFace[]
}

/** Lengths of what is added to a person's unit vector. */
export interface Level {
  /** Light and angle of one track: the same in all its faces. */
  readonly track: number
  /** A turned head, partly the same for everybody. */
  readonly pose: number
  /** Noise of each picture, and how much more of it and of a common drift a poor picture has. */
  readonly frame: number
  readonly poor: number
  readonly drift: number
  readonly quality: number
}

export const levels = {
  easier: { track: 0.58, pose: 1.03, frame: 0.59, poor: 1.35, drift: 1.45, quality: 0.63 },
  harder: { track: 0.63, pose: 1.13, frame: 0.62, poor: 1.6, drift: 1.65, quality: 0.62 },
} as const satisfies Record<string, Level>

const people = 100
const cameras = 4
const framesPerSecond = 5
/** Share of people who look like an earlier one, and the cosine between the two. */
const lookAlikes = 0.15
const lookAlikeCosine = 0.45

/**
 * People in front of four cameras, as embeddings: scenes of up to five, a cut every few seconds, look-alikes, turned
 * heads, poor pictures that all drift the same way, faces that are missed, and trackers that swap two people.
 */
export const simulate = (level: Level, seed: number, scenes: number): SimulatedFrame[] => {
  const random = randomFrom(seed)
  const gaussian = gaussianFrom(random)
  const pick = (count: number): number => Math.floor(random() * count)
  const between = (low: number, high: number): number => low + (high - low) * random()
  const poses = [direction(random), direction(random)]
  const drift = direction(random)
  const cast: { looks: Float32Array; poses: Float32Array[] }[] = []
  for (let i = 0; i < people; i++) {
    const own = direction(random)
    const other = i > 0 && random() < lookAlikes ? cast[pick(i)]?.looks : undefined
    const rest = Math.sqrt(1 - lookAlikeCosine ** 2)
    const looks = other ? own.map((value, d) => lookAlikeCosine * (other[d] ?? 0) + rest * value) : own
    cast.push({ looks: unit(looks) ?? own, poses: [direction(random), direction(random)] })
  }

  const embed = (person: number, pose: number, setting: Float32Array, quality: number): Float32Array => {
    const { looks, poses: own } = cast[person] as (typeof cast)[number]
    const noise = direction(random)
    const poor = (1 - quality) ** 2
    const turned = pose - 1
    return unit(
      looks.map((value, d) => {
        const head = pose === 0 ? 0 : level.pose * (0.6 * (own[turned]?.[d] ?? 0) + 0.4 * (poses[turned]?.[d] ?? 0))
        const fog = (level.frame + level.poor * poor) * (noise[d] ?? 0) + level.drift * poor * (drift[d] ?? 0)
        return value + level.track * (setting[d] ?? 0) + head + fog
      }),
    ) as Float32Array
  }

  const frames: SimulatedFrame[] = []
  const clock = Array.from({ length: cameras }, () => 0)
  let tracks = 0
  for (let scene = 0; scene < scenes; scene++) {
    const camera = clock.indexOf(Math.min(...clock))
    const here = new Set<number>()
    const size = 1 + pick(5)
    // Half of those who come are regulars, half anybody.
    while (here.size < size) here.add(random() < 0.5 ? Math.floor(people * random() * random()) : pick(people))
    let t = (clock[camera] ?? 0) + between(0, 6)
    const end = t + between(8, 30)
    while (t < end) {
      const count = Math.round(between(2, 8) * framesPerSecond)
      const shot = [...here]
        .filter(() => random() < 0.85)
        .map((person) => ({
          person,
          track: tracks++,
          pose: random() < 0.6 ? 0 : 1 + pick(2),
          quality: level.quality + 0.18 * gaussian(),
          setting: direction(random),
        }))
      const swapAt = random() < 0.015 * shot.length ? Math.floor(count * between(0.3, 0.7)) : -1
      for (let f = 0; f < count; f++) {
        const [first, second] = shot
        if (f === swapAt && first && second) [first.track, second.track] = [second.track, first.track]
        const faces: SimulatedFace[] = []
        for (const actor of shot) {
          if (random() < 0.05) continue
          if (random() < 0.08) actor.pose = pick(3)
          const clear = actor.quality + 0.1 * gaussian() - (actor.pose ? 0.12 : 0)
          const quality = Math.min(1, Math.max(0.05, clear))
          const embedding = embed(actor.person, actor.pose, actor.setting, quality)
          const told = Math.min(1, Math.max(0, quality + 0.08 * gaussian()))
          faces.push({ person: actor.person, track: actor.track, quality: told, embedding })
        }
        if (faces.length > 0) frames.push({ atMs: Math.round((t + f / framesPerSecond) * 1000), camera, faces })
      }
      t += count / framesPerSecond + 0.2
    }
    clock[camera] = t + between(0, 10)
  }
  return frames.sort((a, b) => a.atMs - b.atMs)
}

/**
 * How hard it is: the share of same-person pairs from different tracks above the cosine that lets through one in a
 * thousand of the different-person pairs.
 */
export const pairRecall = (frames: readonly SimulatedFrame[], seed: number): number => {
  const random = randomFrom(seed)
  const all = frames.flatMap(({ faces }) => faces)
  const of = Map.groupBy(all, ({ person }) => person)
  const whom = [...of.keys()]
  const any = <T>(list: readonly T[]): T => list[Math.floor(random() * list.length)] as T
  const cosine = (a: SimulatedFace, b: SimulatedFace) =>
    a.embedding.reduce((s, value, d) => s + value * (b.embedding[d] ?? 0), 0)
  const same: number[] = []
  const different: number[] = []
  while (same.length < 10_000) {
    const faces = of.get(any(whom)) ?? []
    const [a, b] = [any(faces), any(faces)]
    if (a.track !== b.track) same.push(cosine(a, b))
  }
  while (different.length < 60_000) {
    const [a, b] = [any(all), any(all)]
    if (a.person !== b.person) different.push(cosine(a, b))
  }
  const threshold = different.sort((a, b) => b - a)[Math.floor(different.length / 1000)] ?? 1
  return same.filter((value) => value >= threshold).length / same.length
}
