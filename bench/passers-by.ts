import { gaussianFrom, seededRandom } from '../src/math/seeded-random.ts'
import { unit } from '../src/math/vector.ts'
import type { Face, Faces } from '../src/types.ts'

const cameras = 8
const framesPerSecond = 10
/** How long an ended track may still change: people of that long are recent. */
const windowMs = 30_000
const visitMs = 6000
const startMs = 1_700_000_000_000

interface Visit {
  readonly camera: number
  readonly track: string
  readonly look: Float32Array
  readonly fromMs: number
}

/**
 * People who pass eight cameras at ten frames a second, each for six seconds, everyone a stranger: `recent` of them come
 * within each half minute. The same traffic every time.
 */
export const passersBy = (recent: number) => {
  const gaussian = gaussianFrom(seededRandom(7))
  const direction = (): Float32Array => unit(Float32Array.from({ length: 128 }, gaussian)) as Float32Array
  const near = (look: Float32Array): Float32Array => {
    const away = direction()
    return unit(look.map((value, i) => value + 0.3 * (away[i] ?? 0))) as Float32Array
  }
  const frameMs = 1000 / framesPerSecond
  const betweenMs = windowMs / recent
  let visits: Visit[] = []
  let arrived = 0
  let seq = 0

  const faceOf = ({ track, look }: Visit, i: number): Face => ({
    track,
    box: { x: (i % 9) / 10, y: 0.4, width: 0.08, height: 0.1 },
    landmarks: Array.from({ length: 5 }, () => ({ x: 0.5, y: 0.5 })) as unknown as Face['landmarks'],
    score: 0.9,
    embedding: near(look),
    quality: { overall: 0.8, sizePx: 80, sharpness: 1, yaw: 0 },
  })
  const frame = (camera: number, atMs: number): Faces => {
    const here = visits.filter((visit) => visit.camera === camera)
    const over = here.filter(({ fromMs }) => atMs - fromMs > visitMs)
    visits = visits.filter((visit) => !over.includes(visit))
    const faces = here.map(faceOf)
    const stamp = {
      camera: `camera-${camera}`,
      stream: 's',
      seq: seq++,
      ptsUs: atMs * 1000,
      capturedAtMs: startMs + atMs,
    }
    return { ...stamp, clock: 'camera', width: 1280, height: 720, faces, endedTracks: over.map(({ track }) => track) }
  }
  const between = function* (fromMs: number, untilMs: number) {
    const stepMs = frameMs / cameras
    for (let i = Math.round(fromMs / stepMs); i * stepMs < untilMs; i++) {
      const atMs = i * stepMs
      for (; arrived * betweenMs <= atMs; arrived++) {
        const camera = arrived % cameras
        visits.push({ camera, track: `camera-${camera}/s/${arrived}`, look: direction(), fromMs: atMs })
      }
      yield { faces: frame(i % cameras, atMs), atMs: atMs - fromMs }
    }
  }
  return {
    warmUp: () => [...between(0, windowMs + 5000)].map(({ faces }) => faces),
    live: (seconds: number) => between(windowMs + 5000, windowMs + 5000 + seconds * 1000),
  }
}
