import { unit } from '../../../src/math/vector.ts'
import type { Box, Detection, Face, Faces, FrameStamp, Landmarks } from '../../../src/types.ts'

/** A seeded generator (mulberry32), 0–1. */
export const randomFrom = (seed: number): (() => number) => {
  let state = seed | 0
  return () => {
    state = (state + 0x6d2b79f5) | 0
    let t = Math.imul(state ^ (state >>> 15), 1 | state)
    t = (t + Math.imul(t ^ (t >>> 7), 61 | t)) ^ t
    return ((t ^ (t >>> 14)) >>> 0) / 4294967296
  }
}

export const gaussianFrom = (random: () => number) => (): number =>
  Math.sqrt(-2 * Math.log(1 - random())) * Math.cos(2 * Math.PI * random())

/** A random direction. */
export const direction = (random: () => number, dimensions = 128): Float32Array => {
  const gaussian = gaussianFrom(random)
  return unit(Float32Array.from({ length: dimensions }, gaussian)) as Float32Array
}

/** The direction of `toward` with noise of the given length added. */
export const near = (toward: Float32Array, noise: number, random: () => number): Float32Array => {
  const away = direction(random, toward.length)
  return unit(toward.map((value, i) => value + noise * (away[i] ?? 0))) as Float32Array
}

const landmarksOf = ({ x, y, width, height }: Box): Landmarks => {
  const at = (dx: number, dy: number) => ({ x: x + dx * width, y: y + dy * height })
  return [at(0.3, 0.4), at(0.7, 0.4), at(0.5, 0.6), at(0.35, 0.8), at(0.65, 0.8)]
}

/** A face of the given size with its top left corner at x, y. */
export const detectionAt = (x: number, y = 0.4, size = 0.1, score = 0.9): Detection => {
  const box = { x, y, width: size, height: size }
  return { box, landmarks: landmarksOf(box), score }
}

export const stampAt = (atMs: number, seq: number, more: Partial<FrameStamp> = {}): FrameStamp => ({
  camera: 'door',
  stream: 's1',
  seq,
  ptsUs: atMs * 1000,
  capturedAtMs: atMs,
  clock: 'camera',
  ...more,
})

export const faceOf = (track: string, embedding: Float32Array | null, overall = 0.8, x = 0.1): Face => ({
  ...detectionAt(x),
  track,
  ...(embedding && { embedding, quality: { overall, sizePx: 80, sharpness: 1, yaw: 0 } }),
})

export const facesAt = (atMs: number, seq: number, faces: readonly Face[], more: Partial<Faces> = {}): Faces => ({
  ...stampAt(atMs, seq),
  width: 1280,
  height: 720,
  faces,
  endedTracks: [],
  ...more,
})
