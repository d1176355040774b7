import type { Size } from '../../src/math/luma-plane.ts'
import { meanOver } from '../../src/math/luma-plane.ts'
import { seededRandom } from '../../src/math/seeded-random.ts'

/** A camera that sees little light and hides its noise, as cameras do. */
export interface NightSensor {
  /** The luma that the camera gives for this scene; it remembers the one before. */
  see(scene: Float32Array, size: Size): Float32Array
}

/** The share of the day's contrast that is left. The camera's gain makes dark scenes brighter than that, and noise with it. */
const contrast = 0.4
/** The mean brightness that the gain aims at. */
const brightness = 70
/** Standard deviation of the noise before it is hidden, in units of luma. */
const noise = 7
/** How much of a new picture counts where nothing moves; where the change is clearly more than noise, all of it. */
const newest = 0.3
const surelyMoved = 2.5 * noise
/** The side of the square in which change is judged, and that of the mean that hides the rest of the noise. */
const [judgedOver, smoothedOver] = [5, 3]
/** Draws of noise that are used again and again from different places. */
const draws = 1 << 20

const gaussian = (random: () => number): number =>
  Math.sqrt(-2 * Math.log(1 - random())) * Math.cos(2 * Math.PI * random())

/**
 * Noise, then what a camera does against it: the mean with the pictures before where nothing moves (temporal noise
 * reduction, so moving faces stay noisier than walls), and a mean of 3 × 3 pixels (spatial).
 */
export const createNightSensor = (seed: number): NightSensor => {
  const random = seededRandom(seed)
  let grain: Float32Array | null = null
  let before: Float32Array | null = null
  return {
    see(scene, size) {
      grain ??= Float32Array.from({ length: draws }, () => noise * gaussian(random))
      const from = Math.floor(random() * draws)
      let sum = 0
      for (const value of scene) sum += value
      const middle = sum / scene.length
      const seen = new Float32Array(scene.length)
      for (let i = 0; i < seen.length; i++)
        seen[i] = brightness + contrast * ((scene[i] as number) - middle) + (grain[(from + i) % draws] as number)
      const last = before ?? seen
      const changes = new Float32Array(seen.length)
      for (let i = 0; i < seen.length; i++) changes[i] = Math.abs((seen[i] as number) - (last[i] as number))
      const change = meanOver(changes, size, judgedOver)
      const now = new Float32Array(seen.length)
      for (let i = 0; i < seen.length; i++) {
        const old = last[i] as number
        const moved = ((change[i] as number) - noise) / (surelyMoved - noise)
        now[i] = old + Math.min(1, newest + (1 - newest) * Math.max(0, moved)) * ((seen[i] as number) - old)
      }
      before = now
      return meanOver(now, size, smoothedOver)
    },
  }
}
