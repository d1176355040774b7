/** What a detector finds of the faces on which two others agree, and what it finds that neither of them does. */
import { iou } from '../src/math/boxes.ts'
import type { Detection, Picture } from '../src/types.ts'
import { detailOf } from '../src/vision/detail.ts'
import { yawOf } from '../src/vision/quality.ts'
import { sharpnessOf } from '../src/vision/sharpness.ts'

/** Boxes that overlap this much (intersection over union) are the same face; detectors differ in how they frame one. */
export const sameFace = 0.35

const isAmong = (face: Detection, others: readonly Detection[]): boolean =>
  others.some((other) => iou(face.box, other.box) > sameFace)

/** Mean distance of the five landmarks, as a share of the first box's width. */
const landmarkDistance = (face: Detection, other: Detection, aspect: number): number => {
  const away = face.landmarks.map(({ x, y }, i) => {
    const at = other.landmarks[i] ?? { x, y }
    return Math.hypot(x - at.x, (y - at.y) / aspect)
  })
  return away.reduce((a, b) => a + b, 0) / away.length / face.box.width
}

/** The box's shorter side, pixels, as in `Quality`. */
export const sizeOf = ({ box }: Detection, { width, height }: Pick<Picture, 'width' | 'height'>): number =>
  Math.min(box.width * width, box.height * height)

/** Samples along each side of a box. */
const side = 64

/** The luma under a box, `side` × `side` samples, row-major. */
const lumaOf = ({ box }: Detection, { width, height, data }: Picture): Float32Array =>
  Float32Array.from({ length: side * side }, (_, i) => {
    const at = (share: number, of: number): number => Math.min(Math.max(Math.floor(share * of), 0), of - 1)
    const x = at(box.x + (((i % side) + 0.5) / side) * box.width, width)
    const y = at(box.y + ((Math.floor(i / side) + 0.5) / side) * box.height, height)
    const plane = (channel: number): number => data[(channel * height + y) * width + x] as number
    return 0.299 * plane(0) + 0.587 * plane(1) + 0.114 * plane(2)
  })

/**
 * The groups of an agreed face by size (pixels), pose and blur; the last two for faces of 20 pixels and more.
 */
const groupsOf = (face: Detection, picture: Picture): string[] => {
  const size = sizeOf(face, picture)
  const bySize = ([80, 40, 30, 20] as const).find((least) => size >= least)
  if (bySize === undefined) return ['size_below_20']
  const yaw = Math.abs(yawOf(face.landmarks, picture.width / picture.height))
  const sharpness = sharpnessOf(detailOf(lumaOf(face, picture), side, Math.max(1, Math.round(side / size))))
  return [
    `size_from_${bySize}`,
    yaw < 0.35 ? 'frontal' : yaw < 0.75 ? 'turned' : 'profile',
    sharpness < 0.5 ? 'blurred' : 'sharp',
  ]
}

/** Found and wanted, a group. */
export type Tally = Map<string, { found: number; wanted: number }>

export interface Agreement {
  /** By size, pose and blur; `from_40` is all of 40 pixels and more. */
  readonly agreed: Tally
  /** How far the landmarks are from the first reference's, in shares of the box's width, for each agreed face found from 20 px. */
  readonly landmarks: readonly number[]
  readonly detections: number
  /** Detections that neither of the two has. */
  readonly extras: readonly { readonly picture: number; readonly face: Detection }[]
}

/**
 * Three detectors' faces of the same pictures. A face is agreed when both references find it; an extra is found by neither,
 * each reference at its own threshold.
 */
export const agreementOf = (
  pictures: readonly Picture[],
  found: readonly (readonly Detection[])[],
  references: readonly [readonly (readonly Detection[])[], readonly (readonly Detection[])[]],
): Agreement => {
  const agreed: Tally = new Map()
  const landmarks: number[] = []
  const extras: { picture: number; face: Detection }[] = []
  const [first, second] = references
  for (const [i, picture] of pictures.entries()) {
    const mine = found[i] ?? []
    for (const face of (first[i] ?? []).filter((each) => isAmong(each, second[i] ?? []))) {
      const groups = groupsOf(face, picture)
      const same = mine.filter((other) => iou(face.box, other.box) > sameFace)
      if (same[0] && sizeOf(face, picture) >= 20)
        landmarks.push(landmarkDistance(face, same[0], picture.width / picture.height))
      if (sizeOf(face, picture) >= 40) groups.push('from_40')
      for (const group of groups) {
        const tally = agreed.get(group) ?? { found: 0, wanted: 0 }
        tally.wanted++
        if (same[0]) tally.found++
        agreed.set(group, tally)
      }
    }
    for (const face of mine)
      if (!isAmong(face, first[i] ?? []) && !isAmong(face, second[i] ?? [])) extras.push({ picture: i, face })
  }
  return { agreed, landmarks, detections: found.flat().length, extras }
}

/** One tally of several. */
export const together = (tallies: readonly Tally[]): Tally => {
  const sum: Tally = new Map()
  for (const [group, { found, wanted }] of tallies.flatMap((tally) => [...tally])) {
    const before = sum.get(group) ?? { found: 0, wanted: 0 }
    sum.set(group, { found: before.found + found, wanted: before.wanted + wanted })
  }
  return sum
}
