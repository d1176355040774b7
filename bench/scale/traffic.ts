import { gaussianFrom, seededRandom } from '../../src/math/seeded-random.ts'
import { unit } from '../../src/math/vector.ts'
import type { Face, Faces } from '../../src/types.ts'

const dimensions = 128
/** Frames of one visit to a camera: ten seconds at five a second. */
const framesOfVisit = 50
/** A track is embedded in its first frames, and then once a second, as `vision` does it. */
const [firstEmbeddings, everyFrames] = [5, 5]
/** So many visits in ten are of somebody who was never seen before. */
const strangersInTen = 1

const quality = { overall: 0.812345, sizePx: 80.5, sharpness: 1.23, yaw: 0.1 }
const detectionOf = (track: string): Face => ({
  track,
  box: { x: 0.412345, y: 0.4, width: 0.08, height: 0.101234 },
  landmarks: [1, 2, 3, 4, 5].map((i) => ({ x: 0.4 + i / 100, y: 0.5 })) as unknown as Face['landmarks'],
  score: 0.912345,
})

/** Unit vectors, the same for the same seed. */
export const looksOf = (people: number, seed: number): readonly Float32Array[] => {
  const gaussian = gaussianFrom(seededRandom(seed))
  return Array.from({ length: people }, () => unit(Float32Array.from({ length: dimensions }, gaussian))).flatMap(
    (look) => look ?? [],
  )
}

interface Visit {
  readonly track: string
  readonly look: Float32Array
  framesLeft: number
}

/** What a camera sees next. */
export type NextFrame = (camera: number, capturedAtMs: number) => Faces

/**
 * A face in each frame of each camera, one person after the other for ten seconds: dearer than real cameras, which are empty
 * most of the time. Nine visits in ten are of one of `looks`.
 */
export const createTraffic = (looks: readonly Float32Array[], seed: number): NextFrame => {
  const random = seededRandom(seed)
  const gaussian = gaussianFrom(random)
  const visits = new Map<number, Visit>()
  const streams = new Map<number, number>()
  let tracks = 0
  const direction = (): Float32Array => unit(Float32Array.from({ length: dimensions }, gaussian)) as Float32Array
  const near = (look: Float32Array): Float32Array => {
    const away = direction()
    return unit(look.map((value, i) => value + 0.3 * (away[i] ?? 0))) as Float32Array
  }
  const begin = (camera: number): Visit => {
    const isStranger = random() * 10 < strangersInTen
    const look = isStranger ? direction() : (looks[Math.floor(random() * looks.length)] as Float32Array)
    return { track: `${cameraName(camera)}/s/${tracks++}`, look, framesLeft: framesOfVisit }
  }
  const faceOf = ({ track, look, framesLeft }: Visit): Face => {
    const age = framesOfVisit - framesLeft
    const isEmbedded = age < firstEmbeddings || age % everyFrames === 0
    return { ...detectionOf(track), ...(isEmbedded && { embedding: near(look), quality }) }
  }
  return (camera, capturedAtMs) => {
    const seq = (streams.get(camera) ?? 0) + 1
    streams.set(camera, seq)
    const visit = visits.get(camera) ?? begin(camera)
    const faces = [faceOf(visit)]
    visit.framesLeft--
    const isOver = visit.framesLeft === 0
    if (isOver) visits.delete(camera)
    else visits.set(camera, visit)
    return {
      camera: cameraName(camera),
      stream: 's',
      seq,
      ptsUs: seq * 200_000,
      capturedAtMs,
      clock: 'camera',
      width: 1280,
      height: 720,
      faces,
      endedTracks: isOver ? [visit.track] : [],
    }
  }
}

/** The name of the camera with this number. */
export const cameraName = (camera: number): string => `camera-${camera}`
