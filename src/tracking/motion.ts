import type { Box, Detection, Landmarks, Point } from '../types.ts'

/** Where a face is and how fast it moves: fractions of the picture, and fractions a second. */
export interface Motion {
  readonly atMs: number
  readonly box: Box
  readonly landmarks: Landmarks
  readonly vx: number
  readonly vy: number
}

/** The motion of a face seen for the first time: its speed is 0 until it is seen again. */
export const still = (detection: Detection, atMs: number): Motion => ({
  atMs,
  box: detection.box,
  landmarks: detection.landmarks,
  vx: 0,
  vy: 0,
})

/**
 * The longest time for which the speed is taken to be constant. After longer a lost face has usually turned or stopped,
 * and a box that moved on would meet other faces.
 */
const maxExtrapolationMs = 400

/** Weight of a newly measured speed against the old one. Detectors' boxes jitter by some per cent of their size. */
const velocityGain = 0.5

/**
 * Where the face should be at `atMs`, by constant velocity for at most 400 ms. `atMs` of the result stays the time it
 * was seen.
 */
export const predict = (motion: Motion, atMs: number): Motion => {
  const seconds = Math.min(Math.max(atMs - motion.atMs, 0), maxExtrapolationMs) / 1000
  const dx = motion.vx * seconds
  const dy = motion.vy * seconds
  const moved = (point: Point): Point => ({ x: point.x + dx, y: point.y + dy })
  const [a, b, c, d, e] = motion.landmarks
  return {
    ...motion,
    box: { ...motion.box, x: motion.box.x + dx, y: motion.box.y + dy },
    landmarks: [moved(a), moved(b), moved(c), moved(d), moved(e)],
  }
}

/** The motion after the face was seen again at `detection`. */
export const follow = (motion: Motion, detection: Detection, atMs: number): Motion => {
  const seconds = (atMs - motion.atMs) / 1000
  const next = still(detection, atMs)
  // After a gap the displacement says little about the speed now. Without time in between there is no speed.
  if (seconds <= 0 || seconds * 1000 > maxExtrapolationMs) return next
  const from = centre(motion.box)
  const to = centre(detection.box)
  return {
    ...next,
    vx: motion.vx + velocityGain * ((to.x - from.x) / seconds - motion.vx),
    vy: motion.vy + velocityGain * ((to.y - from.y) / seconds - motion.vy),
  }
}

/** The middle of a box, in the box's own unit. */
const centre = (box: Box): Point => ({ x: box.x + box.width / 2, y: box.y + box.height / 2 })

/** Mean distance between the five landmarks, in widths and heights of `a`'s box. */
export const landmarkDistance = (a: Motion, b: Detection): number => {
  const [width, height] = [Math.max(a.box.width, 1e-6), Math.max(a.box.height, 1e-6)]
  let sum = 0
  for (const [i, from] of a.landmarks.entries()) {
    const to = b.landmarks[i] ?? from
    sum += Math.hypot((to.x - from.x) / width, (to.y - from.y) / height)
  }
  return sum / 5
}
