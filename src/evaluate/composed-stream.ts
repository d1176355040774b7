import { seededRandom, shuffled } from '../math/seeded-random.ts'
import type { EmbeddedPhoto } from './embed-photos.ts'
import type { StreamFace, StreamFrame } from './stream.ts'

/** Of a stream that is made of photos. */
export const cameras = 4
export const framesPerSecond = 5
/** The most photos in one shot. */
const photosAShot = 2
/** The most people in front of one camera at once. */
const peopleAScene = 4
/** The frames for which a photo is shown. In each its landmarks differ a little, as a detector's do. */
export const viewsOfPhoto = 4

interface Shot {
  readonly person: string
  readonly photos: readonly EmbeddedPhoto[]
}

/** Divides everybody's photos into shots of one or two. No photo is used twice. */
const shotsOf = (photos: readonly EmbeddedPhoto[], random: () => number): Shot[] =>
  [...Map.groupBy(photos, ({ person }) => person)].flatMap(([person, own]) => {
    const shots: Shot[] = []
    const left = shuffled(own, random)
    while (left.length > 0) shots.push({ person, photos: left.splice(0, 1 + Math.floor(random() * photosAShot)) })
    return shots
  })

/**
 * Takes some of those who wait, one to four, for one camera. One person cannot be in a scene twice: what else there is of them waits
 * for a later one.
 */
export const takeScene = <T extends { readonly person: string }>(waiting: T[], random: () => number): T[] => {
  const size = 1 + Math.floor(random() * peopleAScene)
  const scene: T[] = []
  for (let i = 0; i < waiting.length && scene.length < size; ) {
    if (scene.some(({ person }) => person === waiting[i]?.person)) i++
    else scene.push(...waiting.splice(i, 1))
  }
  return scene
}

/**
 * Makes a stream of labelled photos: each person appears in several shots with different photos, on several cameras,
 * beside others, and returns. A shot is one track. The result depends on `seed` only.
 */
export const composeStream = (photos: readonly EmbeddedPhoto[], seed: number): StreamFrame[] => {
  const random = seededRandom(seed)
  const waiting = shuffled(shotsOf(photos, random), random)
  const freeAt = Array.from({ length: cameras }, () => 0)
  const frames: StreamFrame[] = []
  let tracks = 0
  while (waiting.length > 0) {
    const camera = freeAt.indexOf(Math.min(...freeAt))
    const scene = takeScene(waiting, random).map((shot) => ({ ...shot, track: tracks++ }))
    const from = (freeAt[camera] ?? 0) + 2000 + 6000 * random()
    const length = Math.max(...scene.map((shot) => shot.photos.length)) * viewsOfPhoto
    for (let f = 0; f < length; f++) {
      const faces = scene.flatMap(({ person, track, photos: shown }): StreamFace[] => {
        const view = shown[Math.floor(f / viewsOfPhoto)]?.views[f % viewsOfPhoto]
        return view ? [{ person, track: `${track}`, quality: view.quality.overall, embedding: view.embedding }] : []
      })
      const atMs = Math.round(from + (f * 1000) / framesPerSecond)
      if (faces.length > 0) frames.push({ atMs, camera: `${camera}`, faces })
    }
    freeAt[camera] = from + (length * 1000) / framesPerSecond
  }
  return frames.sort((a, b) => a.atMs - b.atMs)
}
