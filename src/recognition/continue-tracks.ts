import type { TracksSeen, WholeTrack } from './whole-tracks.ts'

/** How long a face may be away between two tracks of one person. */
const longestGapMs = 3000
/** So many widths of the face it may be off the way that its track was on. */
const widthsOff = 2
/** The larger face has at most so many times the width of the smaller one. */
const mostGrowth = 1.8
/** Shorter tracks tell no direction. */
const shortestMs = 400

const centre = ({ box }: WholeTrack['first']): readonly [x: number, y: number] => [
  box.x + box.width / 2,
  box.y + box.height / 2,
]

/** Fractions of the picture a millisecond, over the whole track; none for a short one. */
const speedOf = ({ first, last }: WholeTrack): readonly [number, number] => {
  const ms = last.atMs - first.atMs
  if (ms < shortestMs) return [0, 0]
  const [from, to] = [centre(first), centre(last)]
  return [(to[0] - from[0]) / ms, (to[1] - from[1]) / ms]
}

/** How far `at` is outside the way from `start` on, of somebody who may stand still or go on up to twice as fast. */
const off = (at: number, start: number, speed: number, ms: number): number => {
  const end = start + 2 * speed * ms
  return Math.max(0, Math.min(start, end) - at, at - Math.max(start, end))
}

/** How far `later` begins from where `earlier` would be, in widths of the face; null when it cannot be the same person's. */
const distance = (earlier: WholeTrack, later: WholeTrack): number | null => {
  const ms = later.first.atMs - earlier.last.atMs
  if (earlier.camera !== later.camera || earlier.isCutOff || ms <= 0 || ms > longestGapMs) return null
  const [one, other] = [earlier.last.box, later.first.box]
  if (Math.max(one.width / other.width, other.width / one.width) > mostGrowth) return null
  const [from, to, [x, y]] = [centre(earlier.last), centre(later.first), speedOf(earlier)]
  const widths = off(to[0], from[0], x, ms) / Math.max(one.width, other.width)
  const heights = off(to[1], from[1], y, ms) / Math.max(one.height, other.height)
  const far = Math.max(widths, heights)
  return far <= widthsOff ? far : null
}

/**
 * Tracks that go on as another one: where a face is lost (somebody turns away, passes behind a pillar, is far away) and soon found
 * again on its way. A pair counts only when neither has another that fits, so that two who pass each other are not mixed up.
 * Pairs of indices, the earlier first.
 */
export const continuedTracks = ({
  tracks,
  together,
}: TracksSeen): readonly (readonly [earlier: number, later: number])[] => {
  const fits: [number, number][] = []
  for (const [i, earlier] of tracks.entries())
    for (const [j, later] of tracks.entries())
      if (i !== j && distance(earlier, later) !== null && together(i, j) === 0) fits.push([i, j])
  // Crumbs of one or two frames are not somebody else who was there.
  const counts = (index: number): boolean => (tracks[index]?.frames ?? 0) >= 3
  return fits.filter(
    ([i, j]) => counts(i) && counts(j) && fits.every(([a, b]) => (a === i) === (b === j) || !counts(a) || !counts(b)),
  )
}
