import { gaussianFrom, seededRandom } from '../../../src/math/seeded-random.ts'
import type { Face, FaceCrop, Faces, TrackId } from '../../../src/types.ts'

/** People who come and go before one camera. */
export interface Crowd {
  /** The record with the crowd in the place of the faces. */
  instead(of: Faces): Faces
  /** A picture of each one who is new in this record, which is that of `of`. */
  crops(of: FaceCrop): readonly FaceCrop[]
}

/** So many people there are, so many of them stand before the camera, and each stays for so many records. */
const [people, together, stays] = [60, 8, 6]
/** What blurs each look, against a face of unit length. */
const noise = 0.02

interface Visitor {
  readonly person: number
  readonly track: TrackId
  left: number
}

/** The same people in each run, with looks of so many numbers that have nothing in common. */
export const createCrowd = (camera: string, dimensions = 128, seed = 1): Crowd => {
  const random = seededRandom(seed)
  const gaussian = gaussianFrom(random)
  const unit = (values: readonly number[]): Float32Array => {
    const length = Math.hypot(...values)
    return Float32Array.from(values, (value) => value / length)
  }
  const looks = Array.from({ length: people }, () => unit(Array.from({ length: dimensions }, gaussian)))
  let next = 0
  let tracks = 0
  let there: Visitor[] = []
  let fresh: TrackId[] = []

  const arrive = (): Visitor => {
    const track = `${camera}/crowd/${++tracks}`
    fresh = [...fresh, track].slice(-together)
    const person = next++ % people
    // Not all leave at once.
    return { person, track, left: stays + Math.floor(random() * 3) }
  }
  const faceOf = ({ person, track }: Visitor, place: number): Face => {
    const [x, y, size] = [0.02 + (place % 4) * 0.24, 0.1 + Math.floor(place / 4) * 0.45, 0.15]
    const at = (dx: number, dy: number) => ({ x: x + dx * size, y: y + dy * size })
    return {
      box: { x, y, width: size, height: size },
      landmarks: [at(0.3, 0.4), at(0.7, 0.4), at(0.5, 0.6), at(0.35, 0.8), at(0.65, 0.8)],
      score: 0.95,
      track,
      quality: { overall: 0.8, sizePx: 90, sharpness: 0.8, yaw: 0 },
      embedding: unit(Array.from(looks[person] ?? [], (value) => value + noise * gaussian())),
    }
  }
  return {
    instead: (of) => {
      const gone = there.filter(({ left }) => left <= 0)
      there = there.filter(({ left }) => left > 0)
      while (there.length < together) there.push(arrive())
      for (const visitor of there) visitor.left -= 1
      return { ...of, faces: there.map(faceOf), endedTracks: gone.map(({ track }) => track) }
    },
    crops: (of) => {
      const made = fresh.map((track) => ({ ...of, track, jpeg: Uint8Array.from(of.jpeg) }))
      fresh = []
      return made
    },
  }
}
