import { seededRandom, shuffled } from '../math/seeded-random.ts'
import { cameras, framesPerSecond, takeScene, viewsOfPhoto } from './composed-stream.ts'
import type { EmbeddedPhoto } from './embed-photos.ts'
import type { LabelledPhoto } from './labelled-photos.ts'
import type { StreamFace, StreamFrame } from './stream.ts'

/** The mean pause of a camera between two scenes: longer than `identity.tentativeMs`, so that no track is decided by the next one. */
const pauseMs = 90_000

/** Which people appear. */
export interface HardOptions {
  readonly seed: number
  /** So many people are drawn; everybody when left out. */
  readonly people?: number
  /** Whom they are drawn from, when not all of them are embedded; the photos of the stream when left out. */
  readonly from?: readonly LabelledPhoto[]
}

const peopleBy = (photos: readonly LabelledPhoto[], count: number, random: () => number): ReadonlySet<string> => {
  const photosOf = Map.groupBy(photos, ({ person }) => person)
  const returning = [...photosOf].flatMap(([person, own]) => (own.length > 1 ? [person] : []))
  return new Set(shuffled(returning, random).slice(0, count))
}

/** The people with two photos or more, or so many of them, drawn by the seed. Who has one photo cannot return. */
export const peopleOfHardStream = (
  photos: readonly LabelledPhoto[],
  { seed, people = Infinity }: HardOptions,
): ReadonlySet<string> => peopleBy(photos, people, seededRandom(seed))

/**
 * The hard stream of labelled photos: every photo is a track of its own, so each look is seen once, and people come in
 * random order, scattered over hours, beside up to three others on four cameras. A photo is shown for four frames, as its views.
 * The result depends on the photos and the options only.
 */
export const composeHardStream = (
  photos: readonly EmbeddedPhoto[],
  { seed, people = Infinity, from = photos }: HardOptions,
): StreamFrame[] => {
  const random = seededRandom(seed)
  const chosen = peopleBy(from, people, random)
  const waiting = shuffled(
    photos.filter(({ person }) => chosen.has(person)),
    random,
  )
  const freeAt = Array.from({ length: cameras }, () => pauseMs * random())
  const frames: StreamFrame[] = []
  let tracks = 0
  while (waiting.length > 0) {
    const camera = freeAt.indexOf(Math.min(...freeAt))
    const scene = takeScene(waiting, random).map((photo) => ({ ...photo, track: `${tracks++}` }))
    const fromMs = freeAt[camera] ?? 0
    for (let f = 0; f < viewsOfPhoto; f++) {
      const faces = scene.flatMap(({ person, track, views }): StreamFace[] => {
        const view = views[f]
        return view ? [{ person, track, quality: view.quality.overall, embedding: view.embedding }] : []
      })
      const atMs = Math.round(fromMs + (f * 1000) / framesPerSecond)
      if (faces.length > 0) frames.push({ atMs, camera: `${camera}`, faces })
    }
    freeAt[camera] = fromMs + (viewsOfPhoto * 1000) / framesPerSecond + pauseMs * (0.5 + random())
  }
  return frames.sort((a, b) => a.atMs - b.atMs)
}
