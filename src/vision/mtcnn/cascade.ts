import type { Picture } from '../../types.ts'
import type { Candidate } from '../candidate.ts'
import type { Pixels, Size } from '../canvas.ts'
import { suppress } from '../nms.ts'
import { cutOf, type Offsets, type Proposal, regressed, squared, suppressInner } from './boxes.ts'
import { resample } from './resample.ts'

/** What P-Net says of every place of one picture, row by row. */
export interface Proposed {
  /** That a face begins there, 0–1. */
  readonly scores: ArrayLike<number>
  readonly offsets: (place: number) => Offsets
  /** Columns and rows of places. */
  readonly places: Size
}

/** What R-Net or O-Net says of one square. */
export interface Judged {
  readonly score: number
  readonly offsets: Offsets
  /** x of the five landmarks, then y, as shares of the square; empty where the network gives none. */
  readonly points: ArrayLike<number>
}

/** The three networks. Pictures are planar f32 as the descriptor wants them, one after the other. */
export interface Cascade {
  readonly propose: (planes: Float32Array, size: Size) => Promise<Proposed>
  readonly refuse: (planes: Float32Array, count: number) => Promise<readonly Judged[]>
  readonly decide: (planes: Float32Array, count: number) => Promise<readonly Judged[]>
}

/** The cascade's numbers. */
export interface CascadeSettings {
  /** What P-Net's score has to reach, and R-Net's and O-Net's to exceed. */
  readonly minScores: readonly [number, number, number]
  /** The smallest face, pixels, and how much smaller the picture becomes from step to step. */
  readonly minFace: number
  readonly factor: number
  /** How much of the smaller of two faces the better one may cover. */
  readonly nms: number
  readonly pixels: Pixels
}

/** The side of the squares that P-, R- and O-Net look at, and how far apart P-Net's places are, pixels. */
export const sides = { propose: 12, refuse: 24, decide: 48 } as const
const stride = 2
/** More overlap than this is one face: of one step, of all steps, after R-Net (as the published cascade has it). */
const overlaps = { ofStep: 0.5, ofSteps: 0.7, ofRefused: 0.7 } as const

/** The scales at which P-Net looks for faces of its own size. */
export const scalesOf = ({ width, height }: Size, { minFace, factor }: CascadeSettings): readonly number[] => {
  const scales: number[] = []
  for (let at = sides.propose / minFace; Math.min(width, height) * at >= sides.propose; at *= factor) scales.push(at)
  return scales
}

/**
 * Finds faces by Multi-task Cascaded CNNs (Zhang, Zhang, Li, Qiao 2016): P-Net proposes on a pyramid of the picture, R-Net refuses
 * most, O-Net decides and gives landmarks; each moves the box. Rounding and overlaps are those that the published weights are used
 * with. Candidates are in pixels of the picture, best first.
 */
export const detectByCascade = async (
  picture: Picture,
  cascade: Cascade,
  settings: CascadeSettings,
): Promise<Candidate[]> => {
  const { minScores, nms } = settings
  const proposed: (Proposal & { readonly offsets: Offsets })[] = []
  for (const scale of scalesOf(picture, settings)) proposed.push(...(await propose(picture, scale, cascade, settings)))
  const squares = suppress(proposed, overlaps.ofSteps).map(({ offsets, ...box }) => squared(regressed(box, offsets, 0)))

  const likely = (await judge(picture, squares, sides.refuse, cascade.refuse, settings)).filter(
    ({ score }) => score > minScores[1],
  )
  const nearer = suppress(likely, overlaps.ofRefused).map((box) => squared(regressed(box, box.offsets, 1)))

  const faces = (await judge(picture, nearer, sides.decide, cascade.decide, settings)).filter(
    ({ score }) => score > minScores[2],
  )
  return suppressInner(
    faces.map((square) => ({ ...regressed(square, square.offsets, 1), points: pointsIn(square) })),
    nms,
  )
}

const propose = async (
  picture: Picture,
  scale: number,
  cascade: Cascade,
  { minScores: [least], pixels }: CascadeSettings,
): Promise<(Proposal & { readonly offsets: Offsets })[]> => {
  const size = { width: Math.floor(picture.width * scale + 1), height: Math.floor(picture.height * scale + 1) }
  const planes = new Float32Array(3 * size.width * size.height)
  resample(picture, { left: 0, top: 0, right: picture.width, bottom: picture.height }, size, planes, pixels)
  const { scores, offsets, places } = await cascade.propose(planes, size)
  const found: (Proposal & { readonly offsets: Offsets })[] = []
  for (let place = 0; place < places.width * places.height; place++) {
    const score = scores[place] ?? 0
    if (!(score >= least)) continue
    const [x, y] = [stride * (place % places.width), stride * Math.floor(place / places.width)]
    found.push({
      score,
      left: Math.floor((x + 1) / scale),
      top: Math.floor((y + 1) / scale),
      right: Math.floor((x + sides.propose) / scale),
      bottom: Math.floor((y + sides.propose) / scale),
      offsets: offsets(place),
    })
  }
  return suppress(found, overlaps.ofStep)
}

/** Has a network look at what squares show. Those outside the picture are left out. */
const judge = async (
  picture: Picture,
  squares: readonly Proposal[],
  side: number,
  network: Cascade['refuse'],
  { pixels }: CascadeSettings,
): Promise<(Proposal & Judged)[]> => {
  const cuts = squares.flatMap((square) => {
    const cut = cutOf(square, picture)
    return cut ? [{ square, cut }] : []
  })
  if (cuts.length === 0) return []
  const length = 3 * side * side
  const planes = new Float32Array(cuts.length * length)
  for (const [i, { cut }] of cuts.entries())
    resample(picture, cut, { width: side, height: side }, planes.subarray(i * length, (i + 1) * length), pixels)
  const judged = await network(planes, cuts.length)
  return cuts.flatMap(({ square }, i) => (judged[i] ? [{ ...square, ...judged[i] }] : []))
}

/** x and y of each landmark in pixels of the picture. The weights count pixels from 1, and the last one is part of the width. */
const pointsIn = ({ left, top, right, bottom, points }: Proposal & Judged): Float32Array => {
  const [width, height] = [right - left + 1, bottom - top + 1]
  return Float32Array.from({ length: 10 }, (_, i) => {
    const point = i >> 1
    return i % 2 === 0 ? left - 1 + width * (points[point] ?? NaN) : top - 1 + height * (points[5 + point] ?? NaN)
  })
}
